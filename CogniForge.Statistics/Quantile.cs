namespace CogniForge.Statistics;

/// <summary>Sample quantiles.</summary>
/// <remarks>Pure, so thread-safe.</remarks>
public static class Quantile
{
    /// <summary>
    /// The quantile by linear interpolation between order statistics, the default of NumPy and R: type 7 of Hyndman and
    /// Fan, <i>Sample Quantiles in Statistical Packages</i> (The American Statistician 50(4), 1996).
    /// </summary>
    /// <remarks>
    /// With h = (n − 1)·p: x[⌊h⌋] + (h − ⌊h⌋)·(x[⌊h⌋+1] − x[⌊h⌋]), counting x from 0. It differs from the nearest-rank
    /// percentile: the 0.99 quantile of 1, 2, …, 100 is 99.01 here, and 99 by nearest rank.
    /// </remarks>
    /// <param name="sorted">The sample in ascending order (not checked), not empty, without NaN.</param>
    /// <param name="p">The share of the sample below, in [0, 1]: 0 is the minimum, 0.5 the median, 1 the
    /// maximum.</param>
    /// <returns>A value between the minimum and maximum of the sample, in its unit.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="sorted"/> is empty or begins with NaN, where sorting puts it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is outside [0, 1] or NaN.</exception>
    public static double Linear(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty || double.IsNaN(sorted[0]))
        {
            throw new ArgumentException("The sample must have values, none of them NaN.", nameof(sorted));
        }

        if (!(p is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "The share must be from 0 to 1.");
        }

        var h = (sorted.Length - 1) * p;
        var below = (int)h;
        var share = h - below;
        var low = sorted[below];
        if (share == 0)
        {
            return low;
        }

        // Interpolates from the nearer end, as NumPy does, so rounding never leaves [low, high].
        var high = sorted[below + 1];
        var step = high - low;
        if (!double.IsFinite(step))
        {
            return low.Equals(high) ? low : double.Lerp(low, high, share);
        }

        return share < 0.5 ? low + (step * share) : high - (step * (1 - share));
    }
}
