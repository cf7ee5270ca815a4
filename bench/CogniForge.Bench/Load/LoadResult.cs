namespace CogniForge.Bench.Load;

/// <summary>The result of a load.</summary>
/// <param name="Completed">Correct responses within the time.</param>
/// <param name="Sent">All requests, including those in flight when the time was up.</param>
/// <param name="Errors">Requests with a wrong response or none, and failed connections.</param>
/// <param name="FirstError">The reason for one of the errors.</param>
/// <param name="Latency">The latencies of the correct responses, in nanoseconds.</param>
/// <param name="FirstByte">The times to the first byte of their bodies, in nanoseconds.</param>
internal sealed record LoadResult(
    long Completed,
    long Sent,
    long Errors,
    string? FirstError,
    LatencyHistogram Latency,
    LatencyHistogram FirstByte
);
