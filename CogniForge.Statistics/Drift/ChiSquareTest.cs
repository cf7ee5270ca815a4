namespace CogniForge.Statistics.Drift;

/// <summary>Pearson's χ² test of goodness of fit, with the reference as the expected distribution.</summary>
/// <remarks>Equals SciPy's <c>chisquare</c> as Evidently calls it. Pure, so thread-safe.</remarks>
public static class ChiSquareTest
{
    /// <summary>Tests current counts against those of the reference, scaled to the current total.</summary>
    /// <param name="reference">Count of each category in the reference, each at least 0.</param>
    /// <param name="current">Count of the same categories in the current data, each at least 0.</param>
    /// <returns>
    /// The result, p = 1 for a single category and p = 0 for a category that the reference lacks; null (not estimable)
    /// when a side is empty.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static ChiSquareResult? Compare(ReadOnlySpan<long> reference, ReadOnlySpan<long> current)
    {
        Require.SameLength(current.Length, reference.Length, nameof(current));
        var (rows1, rows2, categories) = (0.0, 0.0, 0);
        for (var i = 0; i < reference.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(reference[i], nameof(reference));
            ArgumentOutOfRangeException.ThrowIfNegative(current[i], nameof(current));
            rows1 += reference[i];
            rows2 += current[i];
            categories += reference[i] > 0 || current[i] > 0 ? 1 : 0;
        }

        if (rows1 == 0 || rows2 == 0)
        {
            return null;
        }

        var statistic = 0.0;
        for (var i = 0; i < reference.Length; i++)
        {
            var expected = reference[i] * (rows2 / rows1);
            var deviation = current[i] - expected;
            statistic += deviation == 0 ? 0 : deviation * deviation / expected;
        }

        var pValue = categories == 1 ? 1 : Distributions.ChiSquareUpper(statistic, categories - 1);
        return new ChiSquareResult(statistic, categories - 1, pValue);
    }
}
