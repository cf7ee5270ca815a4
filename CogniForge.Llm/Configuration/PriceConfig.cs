using System.Text.Json.Serialization;
using CogniForge.Llm.Pricing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>What a model costs, USD per million tokens where nothing else is said. Each number is 0 to 1,000,000 with up to 9 decimals.</summary>
/// <param name="Input">Input that was neither read from nor written to the prompt cache.</param>
/// <param name="Output">Output, reasoning included unless that has a rate of its own.</param>
/// <param name="CacheRead">Input read from the prompt cache. Default: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">Input written to the prompt cache for the usual time (five minutes). Default: as <paramref name="Input"/>.</param>
/// <param name="CacheWriteLong">Input written to the prompt cache for an hour. Default: as <paramref name="CacheWrite"/>.</param>
/// <param name="Reasoning">Output that nobody sees. Default: as <paramref name="Output"/>.</param>
/// <param name="PerRequest">A fee for each request, USD. Default: 0.</param>
/// <param name="PerImage">A fee for each image of the input, USD, beside its tokens. Default: 0.</param>
/// <param name="LongContext">Other rates for long inputs. Default: none.</param>
/// <param name="ServiceTiers">
/// By what service tiers multiply all rates (not the fees), by the provider's names of them: OpenAI's <c>service_tier</c> (e.g. <c>priority</c>), Anthropic's <c>speed</c> (<c>fast</c>) or tier.
/// Up to 16, each above 0, up to 100, with up to 4 decimals. Default: none.
/// </param>
/// <param name="Source">Where the price was read, up to 500 characters. Default: not said.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PriceConfig(
    decimal? Input,
    decimal? Output,
    decimal? CacheRead = null,
    decimal? CacheWrite = null,
    decimal? CacheWriteLong = null,
    decimal? Reasoning = null,
    decimal? PerRequest = null,
    decimal? PerImage = null,
    LongContextConfig? LongContext = null,
    IReadOnlyDictionary<string, decimal>? ServiceTiers = null,
    string? Source = null
)
{
    // So many digits that sums of costs stay exact: 9 decimals of a rate, 4 of a factor and 6 of the million leave nine digits before the point.
    private const int MaxDecimals = 9;

    private const int MaxTiers = 16;

    /// <summary>The rules that the document breaks by itself.</summary>
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
            (PerRequest, "perRequest"),
            (PerImage, "perImage"),
        ];
        foreach (var (rate, name) in rates)
        {
            if (rate is { } value && (value is < 0 or > 1_000_000 || decimal.Round(value, MaxDecimals) != value))
            {
                yield return new(name, $"must be 0 to 1000000, with at most {MaxDecimals} decimals");
            }
        }

        foreach (var error in LongContext?.Validate() ?? [])
        {
            yield return error;
        }

        foreach (var error in CheckTiers(ServiceTiers ?? new Dictionary<string, decimal>()))
        {
            yield return error;
        }

        if (Source is { } source && (source.Length > 500 || source.Contains('\0')))
        {
            yield return new("source", "must have at most 500 characters, none of them U+0000");
        }
    }

    /// <summary>The price. The document has been checked.</summary>
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
            PerRequest = PerRequest ?? 0,
            PerImage = PerImage ?? 0,
            LongContext = LongContext is { } tier
                ? new(tier.AboveInputTokens!.Value, tier.InputFactor!.Value, tier.OutputFactor!.Value)
                : null,
            ServiceTiers = ServiceTiers,
            Source = Source,
            Origin = origin,
        };

    private static IEnumerable<FieldError> CheckTiers(IReadOnlyDictionary<string, decimal> tiers)
    {
        if (tiers.Count > MaxTiers)
        {
            yield return new("serviceTiers", $"must have at most {MaxTiers} tiers");
        }

        if (!tiers.Keys.All(ServiceTier.IsName))
        {
            yield return new("serviceTiers", $"a tier's name {ServiceTier.NameRule}");
        }

        foreach (var (tier, factor) in tiers.Where(t => ServiceTier.IsName(t.Key)))
        {
            if (ServiceTier.IsStandard(tier))
            {
                yield return new($"serviceTiers.{tier}", "must not be there: its rates are those of the price");
            }
            else if (!LongContextConfig.IsFactor(factor))
            {
                yield return new($"serviceTiers.{tier}", LongContextConfig.FactorRule);
            }
        }
    }
}
