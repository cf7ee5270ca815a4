using System.Globalization;

namespace CogniForge.Bench.Reporting;

/// <summary>Formats figures.</summary>
internal static class Figure
{
    public static string Whole(double figure) => figure.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tenths(double figure) => figure.ToString("N1", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) =>
        ratio.ToString(ratio < 10 ? "0.00×" : "0.0×", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);
}
