namespace CogniForge.Statistics.Drift;

/// <summary>Bins of equal width by Sturges' rule, as NumPy's <c>histogram_bin_edges(bins="sturges")</c>.</summary>
/// <remarks>Source: Sturges, <i>The choice of a class interval</i> (JASA 21, 1926): log₂ n + 1 bins. Pure.</remarks>
public static class Binning
{
    /// <summary>
    /// More distinct reference values than this are binned; fewer get one bin per value, as in Evidently.
    /// </summary>
    public const int MaxDistinctValues = 20;

    /// <summary>
    /// Evidently's bins of a numeric feature: edges over both samples together when the reference has more than
    /// <see cref="MaxDistinctValues"/> distinct values, otherwise one bin per value.
    /// </summary>
    /// <param name="reference">The reference; finite, not empty.</param>
    /// <param name="current">The current values; finite, not empty.</param>
    /// <returns>The shares; empty bins have share 0.</returns>
    /// <exception cref="ArgumentException">A sample is empty or has a value that is not finite.</exception>
    public static BinnedShares Bin(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        Range(reference, current);
        if (DistinctValues.Count(reference, [], MaxDistinctValues + 1) > MaxDistinctValues)
        {
            return Sturges(reference, current, (long)reference.Length + current.Length);
        }

        var counts = CategoryCounts.FromValues<double>(reference, current);
        return BinnedShares.FromCounts(counts.Reference, counts.Current);
    }

    /// <summary>Shares in Sturges bins over both samples.</summary>
    /// <param name="reference">The reference; finite, not empty.</param>
    /// <param name="current">The current values; finite, not empty.</param>
    /// <param name="count">The n of Sturges' rule, positive.</param>
    /// <returns>The shares; empty bins have share 0.</returns>
    /// <exception cref="ArgumentException">A sample is empty or has a value that is not finite.</exception>
    public static BinnedShares Sturges(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var (min, max) = Range(reference, current);
        var edges = Edges(min, max, count);
        return BinnedShares.FromCounts(Count(reference, edges), Count(current, edges));
    }

    private static (double Min, double Max) Range(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (min1, max1) = Range(reference, nameof(reference));
        var (min2, max2) = Range(current, nameof(current));
        return (Math.Min(min1, min2), Math.Max(max1, max2));
    }

    private static (double Min, double Max) Range(ReadOnlySpan<double> values, string name)
    {
        var (min, max, isFinite) = (double.PositiveInfinity, double.NegativeInfinity, !values.IsEmpty);
        foreach (var value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return isFinite && double.IsFinite(min) && double.IsFinite(max)
            ? (min, max)
            : throw new ArgumentException("The sample must have values, all of them finite.", name);
    }

    // The same rounding as NumPy's, where the number of bins is the range divided by the width.
    private static double[] Edges(double min, double max, long count)
    {
        if (min == max)
        {
            return [min - 0.5, max + 0.5];
        }

        // The quotient of a range near the largest double overflows, that of its half does not.
        var half = (max / 2) - (min / 2);
        var width = half / (Math.Log2(count) + 1);
        var bins = width > 0 ? (int)Math.Ceiling(half / width) : 1;
        var edges = new double[bins + 1];
        for (var i = 0; i < bins; i++)
        {
            var offset = i * (half / bins);
            edges[i] = double.IsFinite(2 * offset) ? min + (2 * offset) : min + offset + offset;
        }

        edges[bins] = max;
        return edges;
    }

    private static long[] Count(ReadOnlySpan<double> values, double[] edges)
    {
        var counts = new long[edges.Length - 1];
        var last = counts.Length - 1;
        var (start, scale) = (edges[0], counts.Length / (edges[^1] - edges[0]));
        foreach (var value in values)
        {
            // The quotient may be off by one bin; the edges decide. The last bin includes its upper edge.
            var bin = Math.Clamp((int)((value - start) * scale), 0, last);
            while (bin > 0 && value < edges[bin])
            {
                bin--;
            }

            while (bin < last && value >= edges[bin + 1])
            {
                bin++;
            }

            counts[bin]++;
        }

        return counts;
    }
}
