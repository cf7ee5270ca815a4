namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether the server can infer.</summary>
internal sealed record ServerReady(bool Ready);
