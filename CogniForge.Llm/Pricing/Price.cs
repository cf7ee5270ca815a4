using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Pricing;

/// <summary>What a model costs from a day on, USD per million tokens.</summary>
/// <param name="Model">The model's name at the provider; a <c>*</c> at the end stands for anything.</param>
/// <param name="Provider">The provider's name; null: wherever the model is served.</param>
/// <param name="EffectiveFrom">From when on the price holds, UTC.</param>
/// <param name="Input">Input that was neither read from nor written to the prompt cache.</param>
/// <param name="Output">Output, reasoning included unless that has a rate of its own.</param>
internal sealed record Price(
    string Model,
    string? Provider,
    DateTimeOffset EffectiveFrom,
    decimal Input,
    decimal Output
)
{
    // Those of a rate, a long context's factor and the million. With a second factor's on top, sums of costs would not stay exact.
    private const int MaxDecimals = 19;

    /// <summary>Input read from the prompt cache. Default: as <see cref="Input"/>.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input written to the prompt cache for the usual time. Default: as <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input written to the prompt cache for an hour. Default: as <see cref="CacheWrite"/>.</summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>Output that nobody sees. Default: as <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>A fee for each request, USD. Default: none.</summary>
    public decimal PerRequest { get; init; }

    /// <summary>A fee for each image of the input, USD, beside its tokens. Default: none.</summary>
    public decimal PerImage { get; init; }

    /// <summary>Other rates for long inputs. Default: none.</summary>
    public LongContext? LongContext { get; init; }

    /// <summary>By what service tiers multiply all rates, by the provider's names of them; fees stay. Default: none.</summary>
    public IReadOnlyDictionary<string, decimal>? ServiceTiers { get; init; }

    /// <summary>Where the price was read. Default: not said.</summary>
    public string? Source { get; init; }

    /// <summary>Who set it.</summary>
    public ConfigOrigin Origin { get; init; }

    /// <summary>By what a tier multiplies the rates; null: nobody has said.</summary>
    /// <param name="tier">The tier that answered; null: the standard one.</param>
    public decimal? GetMultiplier(string? tier) =>
        ServiceTier.IsStandard(tier) ? 1
        : ServiceTiers is not null && ServiceTiers.TryGetValue(tier, out var factor) ? factor
        : null;

    /// <summary>The most by which the rates of an answer can be multiplied, at least 1: whoever asks for a tier may be answered in the standard one.</summary>
    /// <param name="asked">The tier that is asked for; null: none.</param>
    public decimal GetMaxMultiplier(string? asked) =>
        Math.Max(
            1,
            asked != ServiceTier.Auto && GetMultiplier(asked) is { } factor
                ? factor
                : ServiceTiers?.Values.DefaultIfEmpty().Max() ?? 1
        );

    /// <summary>The cost of a completion, USD, exactly; in a tier that multiplies the rates to 19 decimals.</summary>
    /// <param name="usage">What was consumed.</param>
    /// <param name="factor">By what the service tier multiplies the rates.</param>
    public decimal CalculateCost(TokenUsage usage, decimal factor = 1)
    {
        var isLong = LongContext is { } tier && usage.Input > tier.AboveInputTokens;
        var input = isLong ? LongContext!.InputFactor : 1;
        var output = isLong ? LongContext!.OutputFactor : 1;
        var write = CacheWrite ?? Input;
        var inputCost =
            (usage.FreshInput * Input)
            + (usage.CacheRead * (CacheRead ?? Input))
            + (usage.CacheWrite * write)
            + (usage.CacheWriteLong * (CacheWriteLong ?? write));
        var outputCost = ((usage.Output - usage.Reasoning) * Output) + (usage.Reasoning * (Reasoning ?? Output));
        var tokens = ((input * inputCost) + (output * outputCost)) / 1_000_000m;
        return (factor == 1 ? tokens : decimal.Round(tokens * factor, MaxDecimals))
            + PerRequest
            + (usage.Images * PerImage);
    }
}
