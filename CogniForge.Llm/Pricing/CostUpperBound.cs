namespace CogniForge.Llm.Pricing;

/// <summary>The most that a request can cost, in billionths of a USD.</summary>
/// <param name="Input">For its input, whatever the output.</param>
/// <param name="PerToken">For each output token per choice, of all choices together.</param>
internal readonly record struct CostUpperBound(long Input, long PerToken)
{
    /// <summary>The highest of several prices, whichever target answers.</summary>
    /// <param name="prices">The targets' prices, each with the highest multiplier of its service tier.</param>
    /// <param name="input">The input tokens at most.</param>
    /// <param name="images">The images of the input.</param>
    /// <param name="choices">The number of choices.</param>
    public static CostUpperBound From(
        IEnumerable<(Price Price, decimal Multiplier)> prices,
        int input,
        int images,
        int choices
    )
    {
        var bound = default(CostUpperBound);
        foreach (var (price, multiplier) in prices)
        {
            var longContext = input > price.LongContext?.AboveInputTokens ? price.LongContext : null;
            var perInputToken =
                GetHighest(
                    price.Input,
                    price.CacheRead,
                    price.CacheWrite,
                    price.CacheWriteLong,
                    price.Audio?.Input,
                    price.Audio?.CacheRead,
                    price.Image?.Input,
                    price.Image?.CacheRead
                )
                * Math.Max(1, longContext?.InputFactor ?? 1)
                * multiplier;
            var perOutputToken =
                GetHighest(price.Output, price.Reasoning, price.Audio?.Output, price.Image?.Output)
                * Math.Max(1, longContext?.OutputFactor ?? 1)
                * multiplier
                * choices;
            bound = new(
                Math.Max(
                    bound.Input,
                    NanoUsd.FromUsd((perInputToken * input / 1_000_000) + price.PerRequest + (images * price.PerImage))
                ),
                Math.Max(bound.PerToken, NanoUsd.FromUsd(perOutputToken / 1_000_000))
            );
        }

        return bound;
    }

    /// <summary>
    /// The highest multiplier that a response may have, at least 1: a provider may use the standard tier instead.
    /// </summary>
    /// <param name="price">The price of the model.</param>
    /// <param name="requestedTier">The requested service tier; null: none.</param>
    public static decimal GetMaxMultiplier(Price price, string? requestedTier) =>
        Math.Max(
            1,
            requestedTier != ServiceTier.Auto && price.GetMultiplier(requestedTier) is { } factor
                ? factor
                : price.ServiceTiers?.Values.DefaultIfEmpty().Max() ?? 1
        );

    /// <summary>The most that the request can cost with a number of output tokens per choice.</summary>
    public long ForOutputTokens(int tokens) => (long)Math.Min(NanoUsd.Max, Input + ((decimal)PerToken * tokens));

    private static decimal GetHighest(params ReadOnlySpan<decimal?> rates)
    {
        var highest = 0m;
        foreach (var rate in rates)
        {
            highest = Math.Max(highest, rate ?? 0);
        }

        return highest;
    }
}
