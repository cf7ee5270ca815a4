namespace CogniForge.Statistics.Drift;

/// <summary>An expansion of the Kolmogorov distribution in 1/√n with an error of the order n⁻².</summary>
/// <remarks>
/// Source: Pelz and Good, <i>Approximating the Lower Tail-Areas of the Kolmogorov–Smirnov One-Sample Statistic</i>
/// (Journal of the Royal Statistical Society B 38(2), 1976), in the form of Simard and L'Ecuyer (2011).
/// </remarks>
internal static class PelzGood
{
    private const double Pi2 = Math.PI * Math.PI;
    private const double Pi4 = Pi2 * Pi2;

    /// <summary>P(D ≤ d) for n values: K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n^1.5 with z = d·√n.</summary>
    public static double Cumulative(int n, double d)
    {
        var z = d * Math.Sqrt(n);
        var (z2, z4) = (z * z, z * z * z * z);
        var (z6, z7) = (z4 * z2, z4 * z2 * z);
        var (k0, k1, k2, k3) = (0.0, 0.0, 0.0, 0.0);
        for (var k = (int)Math.Ceiling(16 * z / Math.PI); k >= 0; k--)
        {
            var m2 = (k + 0.5) * (k + 0.5);
            var half = Math.Exp(-Pi2 * m2 / (2 * z2));
            k0 += half;
            k1 += half * ((Pi2 * m2) - z2);
            k2 += half * ((6 * z6) + (2 * z4) + (m2 * Pi2 * ((2 * z4) - (5 * z2))) + (m2 * m2 * Pi4 * (1 - (2 * z2))));
            k3 +=
                half
                * (
                    (-30 * z6)
                    - (90 * z6 * z2)
                    + (m2 * Pi2 * ((135 * z4) - (96 * z6)))
                    + (m2 * m2 * Pi4 * ((212 * z4) - (60 * z2)))
                    + (m2 * m2 * m2 * Pi4 * Pi2 * (5 - (30 * z2)))
                );

            var square = (double)k * k;
            var whole = square * Math.Exp(-Pi2 * square / (2 * z2));
            k2 -= 2 * Pi2 * z4 * whole;
            k3 += 30 * Pi2 * z4 * ((3 * z2) - (Pi2 * square)) * whole;
        }

        var root = Math.Sqrt(n);
        var sum = (k0 / z) + (k1 / (6 * z4 * root)) + (k2 / (72 * z7 * n)) + (k3 / (6480 * z7 * z2 * z * n * root));
        return Math.Sqrt(2 * Math.PI) * sum;
    }
}
