namespace CogniForge.Statistics.Drift;

/// <summary>The two-sample Kolmogorov–Smirnov test.</summary>
/// <remarks>
/// Source: Hodges, <i>The significance probability of the Smirnov two-sample test</i> (Arkiv för Matematik 3, 1958);
/// equals SciPy's <c>ks_2samp</c>. With ties the p-value is an upper bound. Pure, so thread-safe.
/// </remarks>
public static class KolmogorovSmirnovTest
{
    /// <summary>The size of the larger sample up to which the p-value is exact, as in SciPy.</summary>
    public const int MaxExactCount = 10_000;

    /// <summary>Tests whether two samples come from one continuous distribution.</summary>
    /// <param name="first">One sample; finite, in any order.</param>
    /// <param name="second">The other sample; finite, in any order.</param>
    /// <param name="exact">
    /// Whether to compute the exact p-value, in a time of up to the product of the sizes; null decides by
    /// <see cref="MaxExactCount"/>.
    /// </param>
    /// <returns>The result; null (not estimable) when a sample is empty.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static KolmogorovSmirnovResult? Compare(
        ReadOnlySpan<double> first,
        ReadOnlySpan<double> second,
        bool? exact = null
    )
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            return null;
        }

        var a = SortedSample.Create(first, nameof(first));
        var b = SortedSample.Create(second, nameof(second));
        var gap = LargestGap(a, b);
        var statistic = (double)gap / a.Length / b.Length;
        var isExact = exact ?? Math.Max(a.Length, b.Length) <= MaxExactCount;
        var pValue = isExact
            ? TwoSampleSmirnov.UpperTail(a.Length, b.Length, gap)
            : OneSampleKolmogorov.UpperTail(EffectiveCount(a.Length, b.Length), statistic);
        return new KolmogorovSmirnovResult(statistic, pValue, isExact);
    }

    private static int EffectiveCount(double m, double n) => (int)Math.Round(m * n / (m + n), MidpointRounding.ToEven);

    /// <summary>max |i·n − j·m| over all values: D·m·n as an integer, free of rounding.</summary>
    private static long LargestGap(double[] a, double[] b)
    {
        var largest = 0L;
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == value)
            {
                i++;
            }

            while (j < b.Length && b[j] == value)
            {
                j++;
            }

            largest = Math.Max(largest, Math.Abs(((long)i * b.Length) - ((long)j * a.Length)));
        }

        return largest;
    }
}
