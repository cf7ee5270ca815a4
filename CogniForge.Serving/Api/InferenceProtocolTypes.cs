namespace CogniForge.Serving.Api;

/// <summary>The server.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
