using System.Globalization;
using CogniForge.Web.Clients;

namespace CogniForge.Web.Runs;

/// <summary>A metric over the steps of a run, as a line of SVG.</summary>
internal sealed class MetricChart
{
    public const int Width = 360;
    public const int Height = 120;

    private MetricChart(MetricPoint latest, IReadOnlyList<MetricPoint> points, bool isCut) =>
        (Latest, Points, IsCut) = (latest, points, isCut);

    /// <summary>The metric's latest point, which may be infinite or not a number.</summary>
    public MetricPoint Latest { get; }

    /// <summary>Its finite points, by step; of many, the outermost of each part of the chart's width.</summary>
    public IReadOnlyList<MetricPoint> Points { get; }

    /// <summary>Whether the metric has later points that the chart lacks.</summary>
    public bool IsCut { get; }

    public double Min => Points.Min(p => p.Value);

    public double Max => Points.Max(p => p.Value);

    /// <summary>The line, as the points of an SVG polyline.</summary>
    /// <remarks>A single point occurs twice, because a browser draws nothing for one.</remarks>
    public string GetLine()
    {
        var (min, max) = (Min, Max);
        return string.Join(
            ' ',
            (Points.Count == 1 ? [Points[0], Points[0]] : Points).Select(p =>
            {
                var x = Scale(p.Step, Points[0].Step, Points[^1].Step) * Width;
                var y = (1 - Scale(p.Value, min, max)) * Height;
                return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");
            })
        );
    }

    /// <summary>The chart in words, for those who do not see it.</summary>
    public string Description =>
        Points.Count == 0
            ? $"{Latest.Key}: {Format(Latest.Value)}"
            : $"{Latest.Key}: {Format(Points[0].Value)} at step {Points[0].Step}, "
                + $"{Format(Points[^1].Value)} at step {Points[^1].Step}";

    /// <summary>Creates a chart.</summary>
    /// <param name="latest">The metric's latest point.</param>
    /// <param name="points">Its points.</param>
    /// <param name="isCut">Whether it has more points than these.</param>
    public static MetricChart Create(MetricPoint latest, IEnumerable<MetricPoint> points, bool isCut)
    {
        var finite = points.Where(p => double.IsFinite(p.Value)).OrderBy(p => p.Step).ToList();
        return new(latest, finite.Count <= 2 * Width ? finite : [.. Thin(finite)], isCut);
    }

    public static string Format(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    // Extremes are what a reader looks for, so that each part keeps its own.
    private static IEnumerable<MetricPoint> Thin(List<MetricPoint> points) =>
        points
            .Chunk((points.Count + Width - 1) / Width)
            .SelectMany(part =>
                new[] { part[0], part.MinBy(p => p.Value)!, part.MaxBy(p => p.Value)!, part[^1] }
                    .Distinct()
                    .OrderBy(p => p.Step)
            );

    // A constant is a line in the middle; halves keep large values finite.
    private static double Scale(double value, double min, double max) =>
        max > min ? ((value / 2) - (min / 2)) / ((max / 2) - (min / 2)) : 0.5;
}
