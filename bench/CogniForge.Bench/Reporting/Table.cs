using System.Globalization;

namespace CogniForge.Bench.Reporting;

/// <summary>A table of figures.</summary>
/// <param name="Columns">The columns' heads; the first is that of the rows' names.</param>
/// <param name="Rows">The rows.</param>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<Row> Rows);

/// <summary>A row of a table.</summary>
/// <param name="Cells">Its name and its figures.</param>
/// <param name="IsBaseline">Whether it is what other rows are compared with.</param>
/// <param name="HasErrors">Whether requests failed, so that it does not count.</param>
internal sealed record Row(IReadOnlyList<string> Cells, bool IsBaseline = false, bool HasErrors = false);

/// <summary>How figures are written.</summary>
internal static class Figure
{
    public static string Whole(double figure) => figure.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tenths(double figure) => figure.ToString("N1", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.00×" : "0.0×", CultureInfo.InvariantCulture);

    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);
}
