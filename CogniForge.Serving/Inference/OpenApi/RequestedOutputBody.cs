namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>An output tensor requested for this inference.</summary>
internal sealed record RequestedOutputBody(string Name);
