using System.Globalization;
using CogniForge.Web.Clients;

namespace CogniForge.Web.Runs;

/// <summary>A metric over the steps of a run, as a line of SVG.</summary>
internal sealed class MetricChart
{
    public const int Width = 360;
    public const int Height = 120;

    private MetricChart(string name, IReadOnlyList<MetricPoint> points) => (Name, Points) = (name, points);

    /// <summary>The metric.</summary>
    public string Name { get; }

    /// <summary>Its finite points, at least one, by step.</summary>
    public IReadOnlyList<MetricPoint> Points { get; }

    public double Min => Points.Min(p => p.Value);

    public double Max => Points.Max(p => p.Value);

    public double Last => Points[^1].Value;

    /// <summary>The line, as the points of an SVG polyline.</summary>
    public string Line =>
        string.Join(
            ' ',
            Points.Select(p =>
            {
                var x = Scale(p.Step, Points[0].Step, Points[^1].Step) * Width;
                var y = (1 - Scale(p.Value, Min, Max)) * Height;
                return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");
            })
        );

    /// <summary>The chart in words, for those who do not see it.</summary>
    public string Description =>
        $"{Name}: {Format(Points[0].Value)} at step {Points[0].Step}, {Format(Last)} at step {Points[^1].Step}";

    /// <summary>Creates a chart; null: there is no finite point.</summary>
    public static MetricChart? Create(string name, IEnumerable<MetricPoint> points) =>
        points.Where(p => double.IsFinite(p.Value)).OrderBy(p => p.Step).ToList() is { Count: > 0 } finite
            ? new(name, finite)
            : null;

    public static string Format(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    // A constant is a line in the middle; halves keep large values finite.
    private static double Scale(double value, double min, double max) =>
        max > min ? ((value / 2) - (min / 2)) / ((max / 2) - (min / 2)) : 0.5;
}
