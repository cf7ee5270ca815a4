using System.Globalization;
using System.Text.Json.Serialization;
using CogniForge.Llm.Domain;
using CogniForge.Llm.Domain.Spending;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.Llm.Application.Settings;

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
internal sealed record PriceDocument(
    decimal? Input,
    decimal? Output,
    decimal? CacheRead = null,
    decimal? CacheWrite = null,
    decimal? CacheWriteLong = null,
    decimal? Reasoning = null,
    decimal? PerRequest = null,
    decimal? PerImage = null,
    LongContextDocument? LongContext = null,
    IReadOnlyDictionary<string, decimal>? ServiceTiers = null,
    string? Source = null)
{
    // So many digits that sums of costs stay exact: 9 decimals of a rate, 4 of a factor and 6 of the million leave nine digits before the point.
    private const int MostDecimals = 9;

    private const int MostTiers = 16;

    /// <summary>The rules that the document breaks by itself.</summary>
    public IEnumerable<FieldError> Check()
    {
        foreach (var name in new[] { (Input, "input"), (Output, "output") }.Where(r => r.Item1 is null).Select(r => r.Item2))
        {
            yield return new(name, "is required");
        }

        (decimal?, string)[] rates =
        [
            (Input, "input"), (Output, "output"), (CacheRead, "cacheRead"), (CacheWrite, "cacheWrite"), (CacheWriteLong, "cacheWriteLong"), (Reasoning, "reasoning"),
            (PerRequest, "perRequest"), (PerImage, "perImage"),
        ];
        foreach (var (rate, name) in rates)
        {
            if (rate is { } value && (value is < 0 or > 1_000_000 || decimal.Round(value, MostDecimals) != value))
            {
                yield return new(name, $"must be 0 to 1000000, with at most {MostDecimals} decimals");
            }
        }

        foreach (var error in LongContext?.Check() ?? [])
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
    public Price ToPrice(PriceKey key, Origin origin) =>
        new(key.Model, key.Provider, new DateTimeOffset(key.EffectiveFrom, TimeOnly.MinValue, TimeSpan.Zero), Input!.Value, Output!.Value)
        {
            CacheRead = CacheRead,
            CacheWrite = CacheWrite,
            CacheWriteLong = CacheWriteLong,
            Reasoning = Reasoning,
            PerRequest = PerRequest ?? 0,
            PerImage = PerImage ?? 0,
            LongContext = LongContext is { } tier ? new(tier.AboveInputTokens!.Value, tier.InputFactor!.Value, tier.OutputFactor!.Value) : null,
            ServiceTiers = ServiceTiers,
            Source = Source,
            Origin = origin,
        };

    private static IEnumerable<FieldError> CheckTiers(IReadOnlyDictionary<string, decimal> tiers)
    {
        if (tiers.Count > MostTiers)
        {
            yield return new("serviceTiers", $"must have at most {MostTiers} tiers");
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
            else if (!LongContextDocument.IsFactor(factor))
            {
                yield return new($"serviceTiers.{tier}", LongContextDocument.FactorRule);
            }
        }
    }
}

/// <summary>Rates for requests with a long input; they hold for the whole request.</summary>
/// <param name="AboveInputTokens">For more input tokens than this, 1 or more.</param>
/// <param name="InputFactor">Multiplies all input rates: above 0, up to 100, with up to 4 decimals, e.g. 2.</param>
/// <param name="OutputFactor">Multiplies all output rates, likewise, e.g. 1.5.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LongContextDocument(int? AboveInputTokens, decimal? InputFactor, decimal? OutputFactor)
{
    /// <summary>The rule of what multiplies rates.</summary>
    public const string FactorRule = "must be above 0, up to 100, with at most 4 decimals";

    /// <summary>Whether a number may multiply rates.</summary>
    public static bool IsFactor(decimal? factor) => factor is > 0 and <= 100 && decimal.Round(factor.Value, 4) == factor;

    /// <summary>The rules that the tier breaks.</summary>
    public IEnumerable<FieldError> Check()
    {
        if (AboveInputTokens is not >= 1)
        {
            yield return new("longContext.aboveInputTokens", "must be 1 or more");
        }

        foreach (var (factor, name) in new[] { (InputFactor, "inputFactor"), (OutputFactor, "outputFactor") })
        {
            if (!IsFactor(factor))
            {
                yield return new($"longContext.{name}", FactorRule);
            }
        }
    }
}

/// <summary>Identifies a price.</summary>
/// <param name="EffectiveFrom">The day from whose beginning on, UTC, it holds.</param>
/// <param name="Provider">The provider; null: wherever the model is served.</param>
/// <param name="Model">The model; a <c>*</c> at the end stands for anything.</param>
internal sealed record PriceKey(DateOnly EffectiveFrom, string? Provider, string Model)
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>The key of a price.</summary>
    public static PriceKey Of(Price price) => new(DateOnly.FromDateTime(price.EffectiveFrom.UtcDateTime), price.Provider, price.Model);

    /// <summary>Reads what <see cref="ToString"/> has written; null: it is none.</summary>
    public static PriceKey? Parse(string text) =>
        text.Split('/', 3) is [var day, var provider, var model] && DateOnly.TryParseExact(day, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            ? new(from, provider.Length > 0 ? provider : null, model)
            : null;

    /// <summary>The rules that the key breaks.</summary>
    public IEnumerable<FieldError> Check()
    {
        if (!Names.IsModel(Model) || Model.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star < Model.Length - 1)
        {
            yield return new("model", $"{Names.ModelRule}; * only at the end");
        }

        if (Provider is not null && !Names.IsProvider(Provider))
        {
            yield return new("provider", Names.ProviderRule);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{EffectiveFrom.ToString(Day, CultureInfo.InvariantCulture)}/{Provider}/{Model}";
}
