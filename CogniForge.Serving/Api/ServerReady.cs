namespace CogniForge.Serving.Api;

/// <summary>Whether the server can infer.</summary>
internal sealed record ServerReady(bool Ready);
