namespace CogniForge.Serving.Api;

/// <summary>Whether the server answers.</summary>
internal sealed record ServerLive(bool Live);
