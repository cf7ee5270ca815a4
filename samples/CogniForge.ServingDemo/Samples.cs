using System.Globalization;

namespace CogniForge.ServingDemo;

/// <summary>The data set, see <c>samples/data/README.md</c>. Every fourth row is held out.</summary>
internal sealed class Samples
{
    private Samples(IReadOnlyList<Sample> rows)
    {
        Training = [.. rows.Where((_, i) => i % 4 != 0)];
        HeldOut = [.. rows.Where((_, i) => i % 4 == 0)];
    }

    public IReadOnlyList<Sample> Training { get; }

    public IReadOnlyList<Sample> HeldOut { get; }

    public static Samples Load() => new([.. File.ReadLines(GetPath("breast-cancer.csv")).Skip(1).Select(Parse)]);

    /// <summary>The path of a file of the data set.</summary>
    public static string GetPath(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    private static Sample Parse(string line)
    {
        var cells = line.Split(',');
        return new()
        {
            Features = [.. cells[..Sample.Width].Select(c => float.Parse(c, CultureInfo.InvariantCulture))],
            Label = cells[Sample.Width].Trim() == "benign",
        };
    }
}
