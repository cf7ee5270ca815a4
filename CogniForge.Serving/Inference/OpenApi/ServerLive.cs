namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>Whether the server answers.</summary>
internal sealed record ServerLive(bool Live);
