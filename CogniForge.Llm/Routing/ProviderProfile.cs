using System.Text.Json;
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

    public ProviderQuirks Quirks { get; init; } = new();

    /// <summary>The known models; of several that match, the first counts.</summary>
    public IReadOnlyList<ModelProfile> Models { get; init; } = [];

    /// <summary>
    /// The names of the user's models; the built-in ones are rules, and the user may not have such a deployment.
    /// </summary>
    public IEnumerable<string> ConfiguredModels =>
        Models
            .Except(ProviderProfiles.Find(Name)?.Models ?? [], ReferenceEqualityComparer.Instance)
            .OfType<ModelProfile>()
            .Select(m => m.Model!)
            .Where(m => !m.Contains('*', StringComparison.Ordinal));

    /// <summary>Where the facts were read.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The name of a provider that is configured by this name alone.</summary>
    public string ProviderName => Name.ToLowerInvariant();

    /// <summary>The base URL with a trailing slash; null: the user must give one.</summary>
    public Uri? DefaultUrl => BaseUrl is null || BaseUrl.Contains('{', StringComparison.Ordinal) ? null : new(BaseUrl);

    /// <summary>The most output tokens that a model generates; null: unknown.</summary>
    public int? FindMaxOutputTokens(string model) =>
        Models.FirstOrDefault(m => m.MaxOutputTokens is not null && m.Matches(model))?.MaxOutputTokens;

    /// <summary>The only name of the output limit that a model takes; null: it takes both.</summary>
    public string? FindOutputLimit(string model) => Find(model, m => m.OutputLimit) ?? Quirks.OutputLimit;

    /// <summary>Whether a model takes Anthropic's <c>cache_control</c>.</summary>
    public bool KeepsCacheControl(string model) =>
        Quirks.CacheControl ?? model.Contains("claude", StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields that switch a model's thinking off; null: unknown.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindThinkingOff(string model) =>
        Find(model, m => m.ThinkingOff) ?? Quirks.ThinkingOff;

    /// <summary>The fields that make a model think; null: it needs none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindThinkingOn(string model) => Find(model, m => m.ThinkingOn);

    /// <summary>The fields that a model needs in a chat with tools; null: none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindWithTools(string model) => Find(model, m => m.WithTools);

    /// <summary>The fields that the provider refuses for a model.</summary>
    public IEnumerable<KeyValuePair<string, string?>> FindFields(string model) =>
        new[] { Quirks.Fields, Find(model, m => m.Fields) }
            .OfType<IReadOnlyDictionary<string, string?>>()
            .SelectMany(f => f);

    /// <summary>The texts to send to a model instead of others, by field.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, string?>>> FindValues(string model) =>
        new[] { Find(model, m => m.Values), Quirks.Values }
            .OfType<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>>()
            .SelectMany(v => v)
            .DistinctBy(v => v.Key);

    /// <summary>The rule of the first entry that has one and matches; null: none has.</summary>
    private T? Find<T>(string model, Func<ModelProfile, T?> rule)
        where T : class =>
        Models.FirstOrDefault(m => rule(m) is not null && m.Matches(model)) is { } found ? rule(found) : null;
}
