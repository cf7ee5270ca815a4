using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Routing;

/// <summary>
/// What a provider takes and refuses for one of its models: the rules of <see cref="ModelProfile"/> and <see
/// cref="ProviderQuirks"/> that match. Those of the user precede the built-in ones, and within each, those of the first
/// model that has one precede those of the provider. A rule of the user's model replaces that of a built-in model.
/// </summary>
internal sealed class ModelRules
{
    private readonly ProviderProfile _profile;
    private readonly string _model;

    /// <summary>Finds the rules. This takes time, so a target keeps them.</summary>
    public ModelRules(ProviderProfile profile, string model)
    {
        (_profile, _model) = (profile, model);
        MaxOutputTokens = FindMaxOutputTokens(profile.Models);
        OutputCap = FindMaxOutputTokens(profile.Models.Where(m => !profile.ModelNames.Contains(m.Model)));
        OutputLimit = FindAll(m => m.OutputLimit, q => q.OutputLimit).FirstOrDefault();
        KeepsCacheControl =
            profile.Quirks.CacheControl ?? model.Contains("claude", StringComparison.OrdinalIgnoreCase);
        ThinkingOff = FindAll(m => m.ThinkingOff, q => q.ThinkingOff).FirstOrDefault();
        ThinkingOn = FindAll(m => m.ThinkingOn).FirstOrDefault();
        WithTools = FindAll(m => m.WithTools).FirstOrDefault();
        ToolHistory = FindAll(m => m.ToolHistory).FirstOrDefault();
        Fields = [.. FindAll(m => m.Fields, q => q.Fields).SelectMany(f => f).DistinctBy(f => f.Key)];
        Values = [.. FindAll(m => m.Values, q => q.Values).SelectMany(v => v).DistinctBy(v => v.Key)];
        WhileThinking = [.. FindAll(m => m.WhileThinking).Take(1).SelectMany(v => v)];
        ReplacedTexts =
        [
            .. Values.Concat(WhileThinking)
                .SelectMany(v => v.Value.Keys)
                .Select(t => Encoding.UTF8.GetBytes($"\"{t}\"")),
        ];
    }

    /// <summary>The most output tokens that the model generates; null: unknown.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>
    /// The most output tokens that the model may be asked for; null: unknown. The built-in rule for all of the
    /// provider's models is only a default for new ones.
    /// </summary>
    public int? OutputCap { get; }

    /// <summary>The only name of the output limit that the model takes; null: it takes both.</summary>
    public string? OutputLimit { get; }

    /// <summary>Whether the model takes Anthropic's <c>cache_control</c>.</summary>
    public bool KeepsCacheControl { get; }

    /// <summary>The fields that switch the model's thinking off; null: unknown.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ThinkingOff { get; }

    /// <summary>The fields that make the model think; null: it needs none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ThinkingOn { get; }

    /// <summary>The fields that the model needs in a chat with tools; null: none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? WithTools { get; }

    /// <summary>The fields that the model needs in the messages of a tool loop; null: none.</summary>
    public IReadOnlyDictionary<string, string>? ToolHistory { get; }

    /// <summary>The paths of fields that the provider refuses, with the names to send instead.</summary>
    public KeyValuePair<string, string?>[] Fields { get; }

    /// <summary>The texts to send instead of others, by the path of the field.</summary>
    public KeyValuePair<string, IReadOnlyDictionary<string, string?>>[] Values { get; }

    /// <summary>As <see cref="Values"/>, unless thinking is switched off.</summary>
    public KeyValuePair<string, IReadOnlyDictionary<string, string?>>[] WhileThinking { get; }

    /// <summary>The texts that <see cref="Values"/> and <see cref="WhileThinking"/> replace, as JSON.</summary>
    public byte[][] ReplacedTexts { get; }

    private int? FindMaxOutputTokens(IEnumerable<ModelProfile> builtIn) =>
        _profile
            .ConfiguredModels.Concat(builtIn)
            .FirstOrDefault(m => m.MaxOutputTokens is not null && m.Matches(_model))
            ?.MaxOutputTokens;

    private IEnumerable<T> FindAll<T>(Func<ModelProfile, T?> ofModel, Func<ProviderQuirks, T?>? ofProvider = null)
        where T : class
    {
        var own = First(_profile.ConfiguredModels);
        return new[]
        {
            own,
            _profile.ConfiguredQuirks is { } configured ? ofProvider?.Invoke(configured) : null,
            own ?? First(_profile.Models),
            ofProvider?.Invoke(_profile.Quirks),
        }.OfType<T>();

        T? First(IReadOnlyList<ModelProfile> models) =>
            models.Where(m => ofModel(m) is not null && m.Matches(_model)).Select(ofModel).FirstOrDefault();
    }
}
