using CogniForge.Llm.Configuration;

namespace CogniForge.Llm.Pricing;

/// <summary>The price of a model from a day on, in USD per million tokens.</summary>
/// <param name="Model">The provider's name of the model; a <c>*</c> at the end is a wildcard.</param>
/// <param name="Provider">The provider's name; null: the price applies to every provider.</param>
/// <param name="EffectiveFrom">When the price takes effect, UTC.</param>
/// <param name="Input">The rate of input tokens neither read from nor written to the prompt cache.</param>
/// <param name="Output">The rate of output tokens, including reasoning tokens without a rate of their own.</param>
internal sealed record Price(
    string Model,
    string? Provider,
    DateTimeOffset EffectiveFrom,
    decimal Input,
    decimal Output
)
{
    // 9 of a rate, 4 of a long-context factor and 6 of the division by a million. With the decimals of a tier's
    // multiplier on top, sums of costs would no longer be exact.
    private const int MaxDecimals = 19;

    /// <summary>The rate of input tokens read from the prompt cache. Default: <see cref="Input"/>.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>
    /// The rate of input tokens written to the prompt cache for the default lifetime. Default: <see cref="Input"/>.
    /// </summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>
    /// The rate of input tokens written to the prompt cache for an hour. Default: <see cref="CacheWrite"/>.
    /// </summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>The rate of reasoning tokens. Default: <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>The rates of audio tokens. Default: those of other tokens.</summary>
    public MediaRates? Audio { get; init; }

    /// <summary>The rates of image tokens. Default: those of other tokens.</summary>
    public MediaRates? Image { get; init; }

    /// <summary>
    /// The fee per use of the provider's own tools, USD, by the tool's name. Default: those of
    /// <see cref="ToolFeeTable"/>.
    /// </summary>
    public IReadOnlyDictionary<string, decimal>? ToolFees { get; init; }

    /// <summary>The fee per request, USD. Default: 0.</summary>
    public decimal PerRequest { get; init; }

    /// <summary>The fee per input image in addition to its tokens, USD. Default: 0.</summary>
    public decimal PerImage { get; init; }

    /// <summary>The fee per minute of input audio, USD, where the response reports its seconds. Default: 0.</summary>
    public decimal PerMinute { get; init; }

    /// <summary>The fee per character of a text to speak, USD. Default: 0.</summary>
    public decimal PerCharacter { get; init; }

    /// <summary>The rates for long inputs. Default: none.</summary>
    public LongContext? LongContext { get; init; }

    /// <summary>
    /// The multiplier of all rates, but not of the fees, by the provider's name of the tier. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, decimal>? ServiceTiers { get; init; }

    /// <summary>Where the price was published. Default: unknown.</summary>
    public string? Source { get; init; }

    public ConfigOrigin Origin { get; init; }

    /// <summary>Whether the price is for all models whose names begin like <see cref="Model"/>.</summary>
    public bool IsWildcard => Model.EndsWith('*');

    /// <summary>Gets the multiplier of the rates in a service tier; null: the price has none for this tier.</summary>
    /// <param name="tier">The response's service tier; null: the standard tier.</param>
    public decimal? GetMultiplier(string? tier) =>
        ServiceTier.IsStandard(tier)
            ? 1
            : ServiceTiers
                ?.Where(t => string.Equals(t.Key, tier, StringComparison.OrdinalIgnoreCase))
                .Select(t => (decimal?)t.Value)
                .Max();

    /// <summary>Calculates the cost of a response, USD: exact, or with a multiplier rounded to 19 decimals.</summary>
    /// <param name="usage">The usage of the response.</param>
    /// <param name="multiplier">The service tier's multiplier of the rates.</param>
    public decimal CalculateCost(TokenUsage usage, decimal multiplier = 1)
    {
        var isLong = LongContext is { } tier && usage.Input > tier.AboveInputTokens;
        var input = isLong ? LongContext!.InputFactor : 1;
        var output = isLong ? LongContext!.OutputFactor : 1;
        var write = CacheWrite ?? Input;
        var (audio, image) = (CalculateExtra(usage.Audio, Audio), CalculateExtra(usage.Image, Image));
        var inputCost =
            (usage.FreshInput * Input)
            + (usage.CacheRead * (CacheRead ?? Input))
            + (usage.CacheWrite * write)
            + (usage.CacheWriteLong * (CacheWriteLong ?? write))
            + audio.Input
            + image.Input;
        var outputCost =
            ((usage.Output - usage.Reasoning) * Output)
            + (usage.Reasoning * (Reasoning ?? Output))
            + audio.Output
            + image.Output;
        var tokens = ((input * inputCost) + (output * outputCost)) / 1_000_000m;
        return (multiplier == 1 ? tokens : decimal.Round(tokens * multiplier, MaxDecimals))
            + PerRequest
            + (usage.Images * PerImage)
            + (usage.Characters * PerCharacter)
            + decimal.Round(usage.AudioSeconds * PerMinute / 60, MaxDecimals);
    }

    /// <summary>What audio or image tokens cost in addition to the rates of other tokens; negative: less.</summary>
    private (decimal Input, decimal Output) CalculateExtra(MediaTokens tokens, MediaRates? rates)
    {
        if (rates is null)
        {
            return default;
        }

        var cacheRead = CacheRead ?? Input;
        return (
            (tokens.Input * ((rates.Input ?? Input) - Input))
                + (tokens.CacheRead * ((rates.CacheRead ?? rates.Input ?? cacheRead) - cacheRead)),
            tokens.Output * ((rates.Output ?? Output) - Output)
        );
    }
}
