namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether the model is ready for inferencing.</summary>
internal sealed record ModelReady(string Name, bool Ready);
