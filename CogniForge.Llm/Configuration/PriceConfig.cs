using System.Text.Json.Serialization;
using CogniForge.Llm.Pricing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// The price of a model, in USD per million tokens unless stated otherwise. Each number is 0 to 1,000,000 with up to 9
/// decimals.
/// </summary>
/// <param name="Input">The rate of input tokens neither read from nor written to the prompt cache.</param>
/// <param name="Output">The rate of output tokens, including reasoning tokens without a rate of their own.</param>
/// <param name="CacheRead">The rate of input tokens read from the prompt cache. Default: <c>input</c>.</param>
/// <param name="CacheWrite">
/// The rate of input tokens written to the prompt cache for the default lifetime. Default: <c>input</c>.
/// </param>
/// <param name="CacheWriteLong">
/// The rate of input tokens written to the prompt cache for an hour. Default: <c>cacheWrite</c>.
/// </param>
/// <param name="Reasoning">The rate of reasoning tokens. Default: <c>output</c>.</param>
/// <param name="Audio">The rates of audio tokens. Default: those of other tokens.</param>
/// <param name="Image">The rates of image tokens. Default: those of other tokens.</param>
/// <param name="PerRequest">The fee per request, USD. Default: 0.</param>
/// <param name="PerImage">The fee per input image in addition to its tokens, USD. Default: 0.</param>
/// <param name="PerMinute">
/// The fee per minute of audio that is transcribed, USD, where the response reports its seconds. Default: 0.
/// </param>
/// <param name="PerCharacter">The fee per character of a text to speak, USD. Default: 0.</param>
/// <param name="ToolFees">
/// The fees per use of tools that the provider runs, USD, by the tool's name (e.g. <c>web_search</c>). Up to 16.
/// Default: the provider's published fees, if they are built in.
/// </param>
/// <param name="LongContext">The rates for long inputs. Default: none.</param>
/// <param name="ServiceTiers">
/// The multipliers of all rates, but not of the fees, by the provider's names of the service tiers: OpenAI's
/// <c>service_tier</c> (e.g. <c>priority</c>), Anthropic's <c>speed</c> (<c>fast</c>) or tier. Up to 16, each above 0,
/// up to 100, with up to 4 decimals. Default: none.
/// </param>
/// <param name="Source">Where the price was published, up to 500 characters. Default: unknown.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PriceConfig(
    decimal? Input,
    decimal? Output,
    decimal? CacheRead = null,
    decimal? CacheWrite = null,
    decimal? CacheWriteLong = null,
    decimal? Reasoning = null,
    MediaRatesConfig? Audio = null,
    MediaRatesConfig? Image = null,
    decimal? PerRequest = null,
    decimal? PerImage = null,
    decimal? PerMinute = null,
    decimal? PerCharacter = null,
    IReadOnlyDictionary<string, decimal>? ToolFees = null,
    LongContextConfig? LongContext = null,
    IReadOnlyDictionary<string, decimal>? ServiceTiers = null,
    string? Source = null
)
{
    // Sums of costs stay exact: 9 decimals of a rate, 4 of a factor and 6 of the million leave 9 digits of 28.
    private const int MaxDecimals = 9;

    private const int MaxTiers = 16;
    private const int MaxTools = 16;
    private static readonly string _amountRule = $"must be 0 to 1000000, with at most {MaxDecimals} decimals";

    public IEnumerable<FieldError> Validate()
    {
        foreach (
            var name in new[] { (Input, "input"), (Output, "output") }.Where(r => r.Item1 is null).Select(r => r.Item2)
        )
        {
            yield return new(name, "is required");
        }

        (decimal?, string)[] rates =
        [
            (Input, "input"),
            (Output, "output"),
            (CacheRead, "cacheRead"),
            (CacheWrite, "cacheWrite"),
            (CacheWriteLong, "cacheWriteLong"),
            (Reasoning, "reasoning"),
            (Audio?.Input, "audio.input"),
            (Audio?.CacheRead, "audio.cacheRead"),
            (Audio?.Output, "audio.output"),
            (Image?.Input, "image.input"),
            (Image?.CacheRead, "image.cacheRead"),
            (Image?.Output, "image.output"),
            (PerRequest, "perRequest"),
            (PerImage, "perImage"),
            (PerMinute, "perMinute"),
            (PerCharacter, "perCharacter"),
        ];
        foreach (var (rate, name) in rates)
        {
            if (rate is { } value && !IsAmount(value))
            {
                yield return new(name, _amountRule);
            }
        }

        foreach (var error in ValidateToolFees(ToolFees ?? new Dictionary<string, decimal>()))
        {
            yield return error;
        }

        foreach (var error in LongContext?.Validate() ?? [])
        {
            yield return error;
        }

        foreach (var error in ValidateTiers(ServiceTiers ?? new Dictionary<string, decimal>()))
        {
            yield return error;
        }

        if (Source is { } source && (source.Length > 500 || source.Contains('\0')))
        {
            yield return new("source", "must have at most 500 characters, none of them U+0000");
        }
    }

    /// <summary>Converts the valid model.</summary>
    public Price ToPrice(PriceKey key, ConfigOrigin origin) =>
        new(
            key.Model,
            key.Provider,
            new DateTimeOffset(key.EffectiveFrom, TimeOnly.MinValue, TimeSpan.Zero),
            Input!.Value,
            Output!.Value
        )
        {
            CacheRead = CacheRead,
            CacheWrite = CacheWrite,
            CacheWriteLong = CacheWriteLong,
            Reasoning = Reasoning,
            Audio = Audio is { } audio ? new(audio.Input, audio.CacheRead, audio.Output) : null,
            Image = Image is { } image ? new(image.Input, image.CacheRead, image.Output) : null,
            PerRequest = PerRequest ?? 0,
            PerImage = PerImage ?? 0,
            PerMinute = PerMinute ?? 0,
            PerCharacter = PerCharacter ?? 0,
            ToolFees = ToolFees,
            LongContext = LongContext is { } tier
                ? new(tier.AboveInputTokens!.Value, tier.InputFactor!.Value, tier.OutputFactor!.Value)
                : null,
            ServiceTiers = ServiceTiers,
            Source = Source,
            Origin = origin,
        };

    /// <summary>Validates fees by the names of tools.</summary>
    public static IEnumerable<FieldError> ValidateToolFees(IReadOnlyDictionary<string, decimal> fees)
    {
        if (fees.Count > MaxTools)
        {
            yield return new("toolFees", $"must have at most {MaxTools} tools");
        }

        if (!fees.Keys.All(ServiceTier.IsName))
        {
            yield return new("toolFees", $"each name {ServiceTier.NameRule}");
        }

        foreach (var (tool, _) in fees.Where(f => ServiceTier.IsName(f.Key) && !IsAmount(f.Value)))
        {
            yield return new($"toolFees.{tool}", _amountRule);
        }
    }

    private static bool IsAmount(decimal value) =>
        value is >= 0 and <= 1_000_000 && decimal.Round(value, MaxDecimals) == value;

    private static IEnumerable<FieldError> ValidateTiers(IReadOnlyDictionary<string, decimal> tiers)
    {
        if (tiers.Count > MaxTiers)
        {
            yield return new("serviceTiers", $"must have at most {MaxTiers} tiers");
        }

        if (!tiers.Keys.All(ServiceTier.IsName))
        {
            yield return new("serviceTiers", $"each name {ServiceTier.NameRule}");
        }

        foreach (var (tier, factor) in tiers.Where(t => ServiceTier.IsName(t.Key)))
        {
            if (ServiceTier.IsStandard(tier))
            {
                yield return new($"serviceTiers.{tier}", "must be absent: its rates are those of the price");
            }
            else if (!LongContextConfig.IsFactor(factor))
            {
                yield return new($"serviceTiers.{tier}", LongContextConfig.FactorRule);
            }
        }
    }
}
