namespace CogniForge.Statistics.Latency;

/// <summary>Latencies of a window, with percentiles by <see cref="Quantile.Linear"/>.</summary>
/// <param name="Count">Number of measurements, at least 1.</param>
/// <param name="Mean">Arithmetic mean, in the unit of the measurements.</param>
/// <param name="Min">The smallest.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">90 % are at or below it.</param>
/// <param name="P95">95 % are at or below it.</param>
/// <param name="P99">99 % are at or below it.</param>
/// <param name="Max">The largest.</param>
public sealed record LatencySummary(
    int Count,
    double Mean,
    double Min,
    double P50,
    double P90,
    double P95,
    double P99,
    double Max
)
{
    /// <summary>Summarises measurements, which it sorts in place.</summary>
    /// <param name="values">Finite values in one unit, in any order.</param>
    /// <returns>The summary; null without values.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static LatencySummary? FromValues(Span<double> values)
    {
        if (values.IsEmpty)
        {
            return null;
        }

        values.Sort();
        if (!double.IsFinite(values[0]) || !double.IsFinite(values[^1]))
        {
            throw new ArgumentException("The values must be finite.", nameof(values));
        }

        return new LatencySummary(
            values.Length,
            Sums.Mean(values),
            values[0],
            Quantile.Linear(values, 0.5),
            Quantile.Linear(values, 0.9),
            Quantile.Linear(values, 0.95),
            Quantile.Linear(values, 0.99),
            values[^1]
        );
    }
}
