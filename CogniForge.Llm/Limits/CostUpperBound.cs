using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Limits;

/// <summary>What a request can cost at most, in billionths of a USD: an amount for its input, and one for each output token that it may have.</summary>
/// <param name="Input">For the input, whatever comes out.</param>
/// <param name="PerToken">For each output token of one answer, of all answers together that are asked for.</param>
internal readonly record struct CostUpperBound(long Input, long PerToken)
{
    /// <summary>The worst of several prices, whichever comes to be paid.</summary>
    /// <param name="prices">The prices of those who may answer, and by what the service tier multiplies their rates at most.</param>
    /// <param name="input">Input tokens at most.</param>
    /// <param name="images">Images of the input.</param>
    /// <param name="choices">How many answers are asked for.</param>
    public static CostUpperBound From(
        IEnumerable<(Price Price, decimal Factor)> prices,
        int input,
        int images,
        int choices
    )
    {
        var worst = default(CostUpperBound);
        foreach (var (price, factor) in prices)
        {
            var tier = price.LongContext is { } long_ && input > long_.AboveInputTokens ? long_ : null;
            var read =
                Math.Max(
                    Math.Max(price.Input, price.CacheRead ?? 0),
                    Math.Max(price.CacheWrite ?? 0, price.CacheWriteLong ?? 0)
                )
                * Math.Max(1, tier?.InputFactor ?? 1)
                * factor;
            var written =
                Math.Max(price.Output, price.Reasoning ?? 0) * Math.Max(1, tier?.OutputFactor ?? 1) * factor * choices;
            worst = new(
                Math.Max(
                    worst.Input,
                    NanoUsd.FromUsd((read * input / 1_000_000) + price.PerRequest + (images * price.PerImage))
                ),
                Math.Max(worst.PerToken, NanoUsd.FromUsd(written / 1_000_000))
            );
        }

        return worst;
    }

    /// <summary>With so many output tokens.</summary>
    public long ForOutputTokens(int tokens) => (long)Math.Min(NanoUsd.Max, Input + ((decimal)PerToken * tokens));
}
