using System.Globalization;

namespace CogniForge.Bench.Suites.Serving;

/// <summary>The rows of the sample data, repeated as often as needed.</summary>
internal sealed class SampleRows
{
    /// <summary>The features of a row.</summary>
    public const int Width = 30;

    private readonly List<string[]> _rows =
    [
        .. File.ReadLines(GetPath("breast-cancer.csv")).Skip(1).Select(line => line.Split(',')[..Width]),
    ];

    /// <summary>The figures of the first rows, as they are written.</summary>
    public IEnumerable<string> Texts(int rows) => Enumerable.Range(0, rows).SelectMany(i => _rows[i % _rows.Count]);

    /// <summary>The figures of the first rows.</summary>
    public double[] Numbers(int rows) => [.. Texts(rows).Select(f => double.Parse(f, CultureInfo.InvariantCulture))];

    /// <summary>The path of a file of the sample data.</summary>
    public static string GetPath(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);
}
