namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether all models are ready for inferencing.</summary>
internal sealed record ServerReady(bool Ready);
