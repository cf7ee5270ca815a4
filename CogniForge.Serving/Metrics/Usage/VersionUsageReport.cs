using CogniForge.Serving.Models;
using CogniForge.Statistics.Latency;

namespace CogniForge.Serving.Metrics.Usage;

/// <summary>Latency, throughput and cost of a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Requests">The number of requests.</param>
/// <param name="RequestsPerSecond">The requests by the length of the window.</param>
/// <param name="Rows">The rows of all requests.</param>
/// <param name="Tokens">The input and output tokens of recorded predictions.</param>
/// <param name="LatencyMs">The latencies in milliseconds; percentiles by linear interpolation. Null: none.</param>
/// <param name="Cost">The cost by the version's price, in USD; null: it has none.</param>
internal sealed record VersionUsageReport(
    int Version,
    long Requests,
    double RequestsPerSecond,
    long Rows,
    long Tokens,
    LatencySummary? LatencyMs,
    decimal? Cost
)
{
    public static VersionUsageReport From(VersionUsage usage, ModelPrice? price, double windowSeconds) =>
        new(
            usage.Version,
            usage.Requests,
            usage.Requests / windowSeconds,
            usage.Rows,
            usage.Tokens,
            usage.Latency,
            price is null ? null : Calculate(price, usage)
        );

    private static decimal Calculate(ModelPrice price, VersionUsage usage) =>
        ((price.PerRequest ?? 0) * usage.Requests)
        + ((price.PerThousandTokens ?? 0) * usage.Tokens / 1_000)
        + ((price.PerSecond ?? 0) * (decimal)Math.Min(usage.Seconds, 1e15));
}
