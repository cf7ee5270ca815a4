namespace CogniForge.Statistics.Experiments;

/// <summary>The check for sample ratio mismatch (SRM).</summary>
/// <remarks>
/// Source: Fabijan et al., <i>Diagnosing Sample Ratio Mismatch in Online Controlled Experiments</i> (KDD 2019); as in
/// GrowthBook, arms of weight 0 count neither in the sum nor in the degrees of freedom. Not sequentially valid: the
/// strict default threshold allows for repeated looks. Pure.
/// </remarks>
public static class SampleRatio
{
    /// <summary>Tests the units per arm against their weights by Pearson's χ².</summary>
    /// <param name="counts">Units in each arm, each at least 0.</param>
    /// <param name="weights">Weight of each arm, each at least 0, of any positive sum.</param>
    /// <param name="threshold">The p-value below which the ratio counts as a mismatch, in (0, 1).</param>
    /// <returns>The result; null (not estimable) while arms of positive weight have no units.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or no weight is positive.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static SampleRatioResult? Check(
        ReadOnlySpan<long> counts,
        ReadOnlySpan<double> weights,
        double threshold = 0.001
    )
    {
        Require.SameLength(weights.Length, counts.Length, nameof(weights));
        Require.Between0And1(threshold);
        var (units, weight, arms) = (0.0, 0.0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(counts[i], nameof(counts));
            Require.NotNegative(weights[i], nameof(weights));
            if (weights[i] > 0)
            {
                units += counts[i];
                weight += weights[i];
                arms++;
            }
        }

        if (arms == 0 || !double.IsFinite(weight))
        {
            throw new ArgumentException("The weights must have a positive, finite sum.", nameof(weights));
        }

        if (units == 0)
        {
            return null;
        }

        var statistic = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (weights[i] > 0)
            {
                var expected = weights[i] / weight * units;
                var deviation = counts[i] - expected;
                statistic += deviation * deviation / expected;
            }
        }

        var pValue = arms == 1 ? 1 : Distributions.ChiSquareUpper(statistic, arms - 1);
        return new SampleRatioResult(statistic, arms - 1, pValue, pValue < threshold);
    }
}
