using MathNet.Numerics;

namespace CogniForge.Statistics.Drift;

/// <summary>The two-sided one-sample Kolmogorov statistic, which SciPy uses for two large samples.</summary>
/// <remarks>
/// Source: Simard and L'Ecuyer, <i>Computing the Two-Sided Kolmogorov–Smirnov Distribution</i> (Journal of Statistical
/// Software 39(11), 2011), which combines the three methods below.
/// </remarks>
internal static class OneSampleKolmogorov
{
    private const int MaxMatrixCount = 1_000;

    /// <summary>P(D ≥ d) for n values.</summary>
    public static double UpperTail(int n, double d)
    {
        if (d >= 1 || n * d * d > 370)
        {
            return 0;
        }

        if (n == 0 || d * n <= 0.5)
        {
            return 1;
        }

        // Both one-sided statistics exceed d with a relative probability of e^(−6nd²), or never when d ≥ 1/2.
        if (d >= 0.5 || n * d * d >= 4)
        {
            return Math.Min(1, 2 * OneSidedUpperTail(n, d));
        }

        var below = n <= MaxMatrixCount ? KolmogorovMatrix.Cumulative(n, d) : PelzGood.Cumulative(n, d);
        return Math.Clamp(1 - below, 0, 1);
    }

    /// <summary>Smirnov's sum: d·Σ C(n, j)·(d + j/n)^(j−1)·(1 − d − j/n)^(n−j).</summary>
    private static double OneSidedUpperTail(int n, double d)
    {
        var sum = 0.0;
        var logFactorial = SpecialFunctions.GammaLn(n + 1.0);
        for (var j = 0; j <= n * (1 - d); j++)
        {
            var rest = 1 - d - ((double)j / n);
            if (rest <= 0)
            {
                sum += j == n ? Math.Pow(d + 1, n - 1) : 0;
                continue;
            }

            var logChoose = logFactorial - SpecialFunctions.GammaLn(j + 1.0) - SpecialFunctions.GammaLn(n - j + 1.0);
            sum += Math.Exp(logChoose + ((j - 1) * Math.Log(d + ((double)j / n))) + ((n - j) * Math.Log(rest)));
        }

        return d * sum;
    }
}
