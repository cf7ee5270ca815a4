namespace CogniForge.Serving.Shadows;

/// <summary>Quantiles of a latency in milliseconds, linearly interpolated.</summary>
/// <param name="P50">The median.</param>
/// <param name="P95">The 95th percentile.</param>
/// <param name="P99">The 99th percentile.</param>
internal sealed record LatencyReport(double P50, double P95, double P99)
{
    /// <summary>The quantiles that <see cref="From"/> takes.</summary>
    public static double[] Quantiles { get; } = [0.5, 0.95, 0.99];

    public static LatencyReport? From(double[]? values) => values is null ? null : new(values[0], values[1], values[2]);
}
