namespace CogniForge.Serving.Routing.Canaries;

/// <summary>What a version did in a step of a canary.</summary>
/// <param name="Requests">The requests that it answered or failed.</param>
/// <param name="Failures">Those that it failed.</param>
/// <param name="Latencies">Those that it answered, by the buckets of <see cref="LatencyHistogram"/>.</param>
internal sealed record CanaryCounts(long Requests, long Failures, long[] Latencies)
{
    public static CanaryCounts None { get; } = new(0, 0, new long[LatencyHistogram.Buckets]);

    /// <summary>The share of failures, 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Failures / Requests;

    public TimeSpan P99 => LatencyHistogram.GetQuantile(Latencies, 0.99);

    public CanaryCounts Add(CanaryCounts more) =>
        new(
            Requests + more.Requests,
            Failures + more.Failures,
            [.. Latencies.Zip(more.Latencies, static (a, b) => a + b)]
        );

    public CanaryCounts Subtract(CanaryCounts earlier) =>
        new(
            Requests - earlier.Requests,
            Failures - earlier.Failures,
            [.. Latencies.Zip(earlier.Latencies, static (a, b) => a - b)]
        );
}
