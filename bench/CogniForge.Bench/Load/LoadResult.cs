namespace CogniForge.Bench.Load;

/// <summary>What came of a load.</summary>
/// <param name="Answered">Right answers within the time.</param>
/// <param name="Sent">All requests, those too that were under way when the time was up.</param>
/// <param name="Errors">Requests with a wrong answer or none, and connections that failed.</param>
/// <param name="FirstError">What was wrong with one of them.</param>
/// <param name="Latency">The durations of the right answers, in nanoseconds.</param>
/// <param name="FirstByte">After how long their bodies began, in nanoseconds.</param>
internal sealed record LoadResult(
    long Answered,
    long Sent,
    long Errors,
    string? FirstError,
    LatencyHistogram Latency,
    LatencyHistogram FirstByte
);
