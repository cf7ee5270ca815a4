namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether a model can infer.</summary>
internal sealed record ModelReady(string Name, bool Ready);
