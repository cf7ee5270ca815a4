using MathNet.Numerics;

namespace CogniForge.Statistics.Experiments;

/// <summary>The distribution of θ = arcsin √x for a rate x, θ in [0, π/2].</summary>
internal static class BetaAngle
{
    public static double Density(BetaPosterior arm, double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return sin <= 0 || cos <= 0
            ? 0
            : Math.Exp(
                Math.Log(2)
                    + (((2 * arm.Alpha) - 1) * Math.Log(sin))
                    + (((2 * arm.Beta) - 1) * Math.Log(cos))
                    - SpecialFunctions.BetaLn(arm.Alpha, arm.Beta)
            );
    }

    public static double Cumulative(BetaPosterior arm, double angle)
    {
        var sin = Math.Sin(angle);
        return SpecialFunctions.BetaRegularized(arm.Alpha, arm.Beta, sin * sin);
    }
}
