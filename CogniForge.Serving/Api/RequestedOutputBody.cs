namespace CogniForge.Serving.Api;

/// <summary>An output to give.</summary>
internal sealed record RequestedOutputBody(string Name);
