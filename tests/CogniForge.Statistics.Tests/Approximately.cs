namespace CogniForge.Statistics.Tests;

internal static class Approximately
{
    /// <summary>Asserts equality within an absolute tolerance, or a relative one for magnitudes above 1.</summary>
    public static void Equal(double expected, double? actual, double tolerance)
    {
        Assert.NotNull(actual);
        Assert.InRange(actual.Value, Low(expected, tolerance), High(expected, tolerance));
    }

    /// <summary>Asserts a relative deviation, for p-values of any size.</summary>
    public static void Ratio(double expected, double? actual, double tolerance)
    {
        Assert.NotNull(actual);
        Assert.InRange(actual.Value / expected, 1 - tolerance, 1 + tolerance);
    }

    private static double Low(double x, double tolerance) => x - (tolerance * Math.Max(1, Math.Abs(x)));

    private static double High(double x, double tolerance) => x + (tolerance * Math.Max(1, Math.Abs(x)));
}
