namespace CogniForge.Statistics.Drift;

/// <summary>The Wasserstein-1 (earth mover's) distance of two samples.</summary>
/// <remarks>Source: the area between the empirical distribution functions, as SciPy's <c>wasserstein_distance</c>.
/// Pure, so thread-safe.</remarks>
public static class Wasserstein
{
    /// <summary>The smallest divisor of <see cref="NormedDistance"/>, as in Evidently.</summary>
    public const double MinDeviation = 0.001;

    /// <summary>The distance: the mean amount by which values must move for the samples to be alike.</summary>
    /// <param name="first">One sample; finite, in any order.</param>
    /// <param name="second">The other sample; finite, in any order.</param>
    /// <returns>The distance in the unit of the values, at least 0; null when a sample is empty.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double? Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            return null;
        }

        var a = SortedSample.Create(first, nameof(first));
        var b = SortedSample.Create(second, nameof(second));
        var (i, j, area) = (0, 0, 0.0);
        var last = Math.Min(a[0], b[0]);
        while (i < a.Length || j < b.Length)
        {
            var isFromFirst = j == b.Length || (i < a.Length && a[i] <= b[j]);
            var value = isFromFirst ? a[i] : b[j];
            area += Math.Abs(((double)i / a.Length) - ((double)j / b.Length)) * (value - last);
            last = value;
            (i, j) = isFromFirst ? (i + 1, j) : (i, j + 1);
        }

        return area;
    }

    /// <summary>
    /// The distance divided by the standard deviation (divisor n) of the reference, or by
    /// <see cref="MinDeviation"/> if that is larger: Evidently's default for more than 1,000 rows.
    /// </summary>
    /// <param name="reference">The reference; finite, in any order.</param>
    /// <param name="current">The current values; finite, in any order.</param>
    /// <returns>The distance in standard deviations, at least 0; null when a sample is empty.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double? NormedDistance(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (Distance(reference, current) is not { } distance)
        {
            return null;
        }

        var squares = Sums.SquaredDeviations(reference, Sums.Mean(reference));
        return distance / Math.Max(MinDeviation, Math.Sqrt(squares / reference.Length));
    }
}
