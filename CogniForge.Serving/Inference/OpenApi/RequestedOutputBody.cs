namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>An output to give.</summary>
internal sealed record RequestedOutputBody(string Name);
