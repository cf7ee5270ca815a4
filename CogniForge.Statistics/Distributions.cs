using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace CogniForge.Statistics;

/// <summary>
/// Tail probabilities, each computed without a subtraction from 1, so that small ones keep precision.
/// </summary>
internal static class Distributions
{
    public static double NormalCdf(double z) => 0.5 * SpecialFunctions.Erfc(-z / Constants.Sqrt2);

    public static double NormalUpper(double z) => NormalCdf(-z);

    public static double NormalTwoSided(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Constants.Sqrt2);

    public static double NormalQuantile(double p) => Normal.InvCDF(0, 1, p);

    /// <summary>The z that a standard normal exceeds in absolute value with probability alpha.</summary>
    public static double NormalCritical(double alpha) => -NormalQuantile(alpha / 2);

    public static double StudentTwoSided(double t, double degreesOfFreedom) =>
        double.IsInfinity(t)
            ? 0
            : SpecialFunctions.BetaRegularized(
                degreesOfFreedom / 2,
                0.5,
                degreesOfFreedom / (degreesOfFreedom + (t * t))
            );

    // By bisection from z, which is below t. MathNet's InvCDF fails beyond 800, which few degrees of freedom reach.
    public static double StudentCritical(double alpha, double degreesOfFreedom)
    {
        var low = NormalCritical(alpha);
        var high = Math.Max(low, 1) * 2;
        while (StudentTwoSided(high, degreesOfFreedom) > alpha)
        {
            high *= 2;
        }

        while (high - low > 1e-15 * high)
        {
            var middle = (low + high) / 2;
            (low, high) = StudentTwoSided(middle, degreesOfFreedom) > alpha ? (middle, high) : (low, middle);
        }

        return high;
    }

    public static double ChiSquareUpper(double x, double degreesOfFreedom) =>
        x <= 0 ? 1 : double.IsInfinity(x) ? 0 : SpecialFunctions.GammaUpperRegularized(degreesOfFreedom / 2, x / 2);
}
