namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether the server is ready for inferencing.</summary>
internal sealed record ServerReady(bool Ready);
