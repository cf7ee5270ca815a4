namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>The metadata of the server.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
