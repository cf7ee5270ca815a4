using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Configuration;

/// <summary>The price of a model from a day on, in USD per million tokens unless stated otherwise.</summary>
/// <param name="Model">The provider's name of the model; a <c>*</c> at the end is a wildcard.</param>
/// <param name="Provider">The provider's name; null: the price applies to every provider.</param>
/// <param name="EffectiveFrom">The day on which the price takes effect, UTC.</param>
/// <param name="Origin">The origin: <c>builtIn</c> or <c>api</c>.</param>
/// <param name="Input">The rate of input tokens neither read from nor written to the prompt cache.</param>
/// <param name="Output">The rate of output tokens, including reasoning tokens without a rate of their own.</param>
/// <param name="CacheRead">The rate of input tokens read from the prompt cache; null: as <c>input</c>.</param>
/// <param name="CacheWrite">
/// The rate of input tokens written to the prompt cache for the default lifetime; null: as <c>input</c>.
/// </param>
/// <param name="CacheWriteLong">
/// The rate of input tokens written to the prompt cache for an hour; null: as <c>cacheWrite</c>.
/// </param>
/// <param name="Reasoning">The rate of reasoning tokens; null: as <c>output</c>.</param>
/// <param name="Audio">The rates of audio tokens; null: those of other tokens.</param>
/// <param name="Image">The rates of image tokens; null: those of other tokens.</param>
/// <param name="PerRequest">The fee per request, USD.</param>
/// <param name="PerImage">The fee per input image in addition to its tokens, USD.</param>
/// <param name="PerMinute">The fee per minute of audio that is transcribed, USD.</param>
/// <param name="PerCharacter">The fee per character of a text to speak, USD.</param>
/// <param name="ToolFees">
/// The fees per use of tools that the provider runs, USD, by the tool's name; null: the published ones, if built in.
/// </param>
/// <param name="LongContext">The rates for long inputs; null: none.</param>
/// <param name="ServiceTiers">
/// The multipliers of all rates, but not of the fees, by the provider's names of the service tiers; null: none.
/// </param>
/// <param name="Source">Where the price was published; null: unknown.</param>
internal sealed record PriceInfo(
    string Model,
    string? Provider,
    DateOnly EffectiveFrom,
    ConfigOrigin Origin,
    decimal Input,
    decimal Output,
    decimal? CacheRead,
    decimal? CacheWrite,
    decimal? CacheWriteLong,
    decimal? Reasoning,
    MediaRatesConfig? Audio,
    MediaRatesConfig? Image,
    decimal PerRequest,
    decimal PerImage,
    decimal PerMinute,
    decimal PerCharacter,
    IReadOnlyDictionary<string, decimal>? ToolFees,
    LongContextConfig? LongContext,
    IReadOnlyDictionary<string, decimal>? ServiceTiers,
    string? Source
)
{
    public static PriceInfo From(Price p) =>
        new(
            p.Model,
            p.Provider,
            PriceKey.For(p).EffectiveFrom,
            p.Origin,
            p.Input,
            p.Output,
            p.CacheRead,
            p.CacheWrite,
            p.CacheWriteLong,
            p.Reasoning,
            Rates(p.Audio),
            Rates(p.Image),
            p.PerRequest,
            p.PerImage,
            p.PerMinute,
            p.PerCharacter,
            p.ToolFees,
            p.LongContext is { } tier ? new(tier.AboveInputTokens, tier.InputFactor, tier.OutputFactor) : null,
            p.ServiceTiers,
            p.Source
        );

    private static MediaRatesConfig? Rates(MediaRates? rates) =>
        rates is null ? null : new(rates.Input, rates.CacheRead, rates.Output);
}
