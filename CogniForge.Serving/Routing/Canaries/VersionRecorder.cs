namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Counts what a version does in this replica. Thread-safe, without a lock.</summary>
internal sealed class VersionRecorder
{
    private readonly long[] _latencies = new long[LatencyHistogram.Buckets];
    private long _requests;
    private long _failures;

    public void Record(AttemptOutcome outcome, TimeSpan latency)
    {
        switch (outcome)
        {
            case AttemptOutcome.Succeeded:
                Interlocked.Increment(ref _latencies[LatencyHistogram.Find(latency)]);
                Interlocked.Increment(ref _requests);
                break;
            case AttemptOutcome.Failed:
                Interlocked.Increment(ref _failures);
                Interlocked.Increment(ref _requests);
                break;
        }
    }

    /// <summary>The counts so far; concurrent requests may be in them in part.</summary>
    public CanaryCounts Read() =>
        new(Volatile.Read(ref _requests), Volatile.Read(ref _failures), [.. _latencies]);
}
