using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>A provider.</summary>
/// <param name="Name">Identifies it.</param>
/// <param name="Origin">Who set it up: <c>builtIn</c>, <c>configuration</c> or <c>api</c>.</param>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="BaseUrl">Where it is; null for the mock.</param>
/// <param name="HasKey">Whether configuration has a key for it. The key itself is never shown.</param>
/// <param name="Protocols">The protocols that it speaks.</param>
/// <param name="Targets">Its models that the replica which answers this has asked since it started, up to 1,000 of all providers.</param>
internal sealed record ProviderInfo(
    string Name,
    ConfigOrigin Origin,
    ProviderKind Kind,
    Uri? BaseUrl,
    bool HasKey,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<TargetHealthInfo> Targets
);
