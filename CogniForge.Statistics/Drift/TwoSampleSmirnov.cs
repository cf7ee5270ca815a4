namespace CogniForge.Statistics.Drift;

/// <summary>The exact distribution of the two-sample Kolmogorov–Smirnov statistic.</summary>
internal static class TwoSampleSmirnov
{
    /// <summary>
    /// The probability that a random order of m and n values reaches |i·n − j·m| ≥ gap. All terms are positive, so
    /// small probabilities keep their precision.
    /// </summary>
    public static double UpperTail(int m, int n, long gap)
    {
        if (gap == 0)
        {
            return 1;
        }

        // reached[j] is the probability for i values of the first and j of the second sample: 1 outside of the band.
        var reached = new double[n + 1];
        Array.Fill(reached, 1);
        for (var i = 0; i <= m; i++)
        {
            var center = (long)i * n;
            var low = (int)Math.Max(0, FloorDivide(center - gap, m) + 1);
            var high = (int)Math.Min(n, FloorDivide(center + gap - 1, m));
            if (low > 0)
            {
                reached[low - 1] = 1;
            }

            for (var j = low; j <= high; j++)
            {
                reached[j] = Step(i, j, reached);
            }
        }

        return Math.Clamp(reached[n], 0, 1);
    }

    private static double Step(int i, int j, double[] reached)
    {
        if (i == 0)
        {
            return j == 0 ? 0 : reached[j - 1];
        }

        return j == 0 ? reached[0] : ((i * reached[j]) + (j * reached[j - 1])) / ((double)i + j);
    }

    private static long FloorDivide(long dividend, long divisor) =>
        (dividend / divisor) - (dividend % divisor < 0 ? 1 : 0);
}
