namespace CogniForge.ServiceDefaults.Overload;

/// <summary>Has the memory of large bodies collected soon after their requests. Thread-safe.</summary>
/// <remarks>
/// The runtime collects large objects after hundreds of megabytes of them, so that a few large requests one after
/// another would take as much.
/// </remarks>
internal static class LargeGarbage
{
    // Smaller bodies end in the young generations, which are collected often.
    private const long MinBytes = 4L << 20;
    private const long MaxBytes = 64L << 20;
    private static long _bytes;

    /// <summary>Counts the memory that a request no longer needs.</summary>
    public static void Add(long bytes)
    {
        if (bytes < MinBytes || Interlocked.Add(ref _bytes, bytes) < MaxBytes)
        {
            return;
        }

        // Others collect in the background and keep what they free. This one stops the service for a moment.
        Interlocked.Exchange(ref _bytes, 0);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
