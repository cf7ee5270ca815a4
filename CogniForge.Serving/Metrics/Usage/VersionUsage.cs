using CogniForge.Statistics.Latency;

namespace CogniForge.Serving.Metrics.Usage;

/// <summary>The requests of a version in a window.</summary>
/// <param name="Version">The version.</param>
/// <param name="Requests">The number of requests, at least 1.</param>
/// <param name="Rows">The rows of all requests.</param>
/// <param name="Tokens">The input and output tokens of recorded predictions.</param>
/// <param name="Seconds">The sum of the latencies in seconds.</param>
/// <param name="Latency">The latencies in milliseconds; null: none is known.</param>
internal sealed record VersionUsage(
    int Version,
    long Requests,
    long Rows,
    long Tokens,
    double Seconds,
    LatencySummary? Latency
);
