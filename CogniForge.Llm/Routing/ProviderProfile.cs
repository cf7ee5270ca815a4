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

    /// <summary>The most output tokens that a model generates; null: unknown.</summary>
    public int? FindMaxOutputTokens(string model) => FindMaxOutputTokens(model, Models);

    /// <summary>
    /// The most output tokens that a model may be asked for; null: unknown. The built-in rule for all of the provider's
    /// models is only a default for new ones.
    /// </summary>
    public int? FindOutputCap(string model) =>
        FindMaxOutputTokens(model, Models.Where(m => !ModelNames.Contains(m.Model)));

    /// <summary>The only name of the output limit that a model takes; null: it takes both.</summary>
    public string? FindOutputLimit(string model) => Find(model, m => m.OutputLimit, q => q.OutputLimit);

    /// <summary>Whether a model takes Anthropic's <c>cache_control</c>.</summary>
    public bool KeepsCacheControl(string model) =>
        Quirks.CacheControl ?? model.Contains("claude", StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields that switch a model's thinking off; null: unknown.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindThinkingOff(string model) =>
        Find(model, m => m.ThinkingOff, q => q.ThinkingOff);

    /// <summary>The fields that make a model think; null: it needs none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindThinkingOn(string model) => Find(model, m => m.ThinkingOn);

    /// <summary>The fields that a model needs in a chat with tools; null: none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FindWithTools(string model) => Find(model, m => m.WithTools);

    /// <summary>The fields that a model needs in the messages of a tool loop; null: none.</summary>
    public IReadOnlyDictionary<string, string>? FindToolHistory(string model) => Find(model, m => m.ToolHistory);

    /// <summary>The fields that the provider refuses for a model.</summary>
    public IEnumerable<KeyValuePair<string, string?>> FindFields(string model) =>
        FindAll(model, m => m.Fields, q => q.Fields).SelectMany(f => f).DistinctBy(f => f.Key);

    /// <summary>The texts to send to a model instead of others, by field.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, string?>>> FindValues(string model) =>
        FindAll(model, m => m.Values, q => q.Values).SelectMany(v => v).DistinctBy(v => v.Key);

    /// <summary>The texts to send to a model instead of others unless thinking is switched off, by field.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, string?>>> FindWhileThinking(string model) =>
        FindAll(model, m => m.WhileThinking, _ => null).Take(1).SelectMany(v => v);

    private int? FindMaxOutputTokens(string model, IEnumerable<ModelProfile> builtIn) =>
        ConfiguredModels
            .Concat(builtIn)
            .FirstOrDefault(m => m.MaxOutputTokens is not null && m.Matches(model))
            ?.MaxOutputTokens;

    private T? Find<T>(string model, Func<ModelProfile, T?> ofModel, Func<ProviderQuirks, T?>? ofProvider = null)
        where T : class => FindAll(model, ofModel, ofProvider ?? (_ => null)).FirstOrDefault();

    /// <summary>
    /// The rules in their order: those of the user before the built-in ones, and within each those of the first model
    /// that has one before those of the provider. A rule of the user's model replaces that of a built-in model.
    /// </summary>
    private IEnumerable<T> FindAll<T>(
        string model,
        Func<ModelProfile, T?> ofModel,
        Func<ProviderQuirks, T?> ofProvider
    )
        where T : class
    {
        var own = First(ConfiguredModels);
        return new[]
        {
            own,
            ConfiguredQuirks is null ? null : ofProvider(ConfiguredQuirks),
            own ?? First(Models),
            ofProvider(Quirks),
        }.OfType<T>();

        T? First(IReadOnlyList<ModelProfile> models) =>
            models.FirstOrDefault(m => ofModel(m) is not null && m.Matches(model)) is { } found ? ofModel(found) : null;
    }
}
