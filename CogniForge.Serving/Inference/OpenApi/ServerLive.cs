namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether the server can receive and respond to metadata and inference requests.</summary>
internal sealed record ServerLive(bool Live);
