using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>
/// The properties of a provider: an entry of <c>providers.json</c>, overridden by the user's settings.
/// </summary>
/// <param name="Name">The name, e.g. <c>groq</c>; also the value of <c>kind</c>.</param>
/// <param name="Kind">Whose API the provider follows.</param>
internal sealed record ProviderProfile(string Name, ProviderKind Kind)
{
    /// <summary>The protocols, in order of preference.</summary>
    public required IReadOnlyList<Protocol> Protocols { get; init; }

    /// <summary>The base URL with the version; the user replaces a part in braces. Default: none.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The header with the API key. Default: <c>Authorization: Bearer</c>.</summary>
    public string? ApiKeyHeader { get; init; }

    /// <summary>Whether the provider is of no use without an API key. Default: true.</summary>
    public bool NeedsKey { get; init; } = true;

    /// <summary>Whether <c>GET models</c> lists what can be requested. Default: true.</summary>
    public bool ListsModels { get; init; } = true;

    /// <summary><c>gen_ai.provider.name</c> of OpenTelemetry. Default: the provider's own name.</summary>
    public string? TelemetryName { get; init; }

    /// <summary>The model names that select this provider where none is named; <c>*</c> matches anything.</summary>
    public IReadOnlyList<string> ModelNames { get; init; } = [];

    /// <summary>The built-in quirks; the user's replace each part.</summary>
    public ProviderQuirks Quirks { get; init; } = new();

    /// <summary>The built-in models; of several that match, the first counts.</summary>
    public IReadOnlyList<ModelProfile> Models { get; init; } = [];

    /// <summary>The user's quirks, which also precede the rules of built-in models.</summary>
    public ProviderQuirks? ConfiguredQuirks { get; init; }

    /// <summary>The user's models, which precede everything else.</summary>
    public IReadOnlyList<ModelProfile> ConfiguredModels { get; init; } = [];

    /// <summary>
    /// The names of the user's models; the built-in ones are rules, and the user may not have such a deployment.
    /// </summary>
    public IEnumerable<string> ConfiguredModelNames =>
        ConfiguredModels.Select(m => m.Model!).Where(m => !m.Contains('*', StringComparison.Ordinal));

    /// <summary>Where the facts were read.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The name of a provider that is configured by this name alone.</summary>
    public string ProviderName => Name.ToLowerInvariant();

    /// <summary>The base URL with a trailing slash; null: the user must give one.</summary>
    public Uri? DefaultUrl => BaseUrl is null || BaseUrl.Contains('{', StringComparison.Ordinal) ? null : new(BaseUrl);
}
