namespace CogniForge.Serving.Routing;

/// <summary>Counts the requests of a model in this replica. Thread-safe.</summary>
internal sealed class RequestCounter
{
    private long _count = -1;

    /// <summary>The number of the next request, from 0.</summary>
    public ulong Next() => (ulong)Interlocked.Increment(ref _count);
}
