namespace CogniForge.Serving.Api;

/// <summary>Whether a model can infer.</summary>
internal sealed record ModelReady(string Name, bool Ready);
