namespace CogniForge.Serving.Models;

/// <summary>A valid version to register.</summary>
internal sealed record VersionSpec(
    string Kind,
    string? Definition,
    VersionDetails Details,
    string? Description = null,
    IReadOnlyDictionary<string, string>? Tags = null
);
