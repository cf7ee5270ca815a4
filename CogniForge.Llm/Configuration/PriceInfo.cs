using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Configuration;

/// <summary>What a model costs from a day on, USD per million tokens where nothing else is said.</summary>
/// <param name="Model">The model; a <c>*</c> at the end stands for anything.</param>
/// <param name="Provider">The provider; null: wherever the model is served.</param>
/// <param name="EffectiveFrom">The day from whose beginning on, UTC, the price holds.</param>
/// <param name="Origin">Who set it: <c>builtIn</c> or <c>api</c>.</param>
/// <param name="Input">Input that was neither read from nor written to the prompt cache.</param>
/// <param name="Output">Output, reasoning included unless that has a rate of its own.</param>
/// <param name="CacheRead">Input read from the prompt cache; null: as input.</param>
/// <param name="CacheWrite">Input written to the prompt cache for the usual time; null: as input.</param>
/// <param name="CacheWriteLong">Input written to the prompt cache for an hour; null: as <paramref name="CacheWrite"/>.</param>
/// <param name="Reasoning">Output that nobody sees; null: as output.</param>
/// <param name="PerRequest">A fee for each request, USD.</param>
/// <param name="PerImage">A fee for each image of the input, USD.</param>
/// <param name="LongContext">Other rates for long inputs; null: none.</param>
/// <param name="ServiceTiers">By what service tiers multiply all rates, by the provider's names of them; null: none.</param>
/// <param name="Source">Where the price was read; null: not said.</param>
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
    decimal PerRequest,
    decimal PerImage,
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
            p.PerRequest,
            p.PerImage,
            p.LongContext is { } tier ? new(tier.AboveInputTokens, tier.InputFactor, tier.OutputFactor) : null,
            p.ServiceTiers,
            p.Source
        );
}
