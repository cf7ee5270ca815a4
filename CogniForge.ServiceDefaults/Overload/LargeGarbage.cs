namespace CogniForge.ServiceDefaults.Overload;

/// <summary>Has the memory of large bodies collected soon after their requests. Thread-safe.</summary>
/// <remarks>
/// The runtime collects large objects after hundreds of megabytes of them, so that a few large requests one after
/// another would take as much.
/// </remarks>
/// <param name="time">The time.</param>
/// <param name="collect">Collects, which stops the service for a moment.</param>
public sealed class LargeGarbage(TimeProvider time, Action collect)
{
    // Smaller bodies end in the young generations, which are collected often.
    private const long MinBytes = 4L << 20;
    private const long MaxBytes = 64L << 20;

    // A long stop may take a hundredth of the time, so that it concerns no p99; a short one, which few notice, a fifth.
    private const int LongRest = 100;
    private const int ShortRest = 4;
    private static readonly TimeSpan _maxShort = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _bytes;
    private volatile bool _isResting;

    /// <summary>That of this process.</summary>
    /// <remarks>Other ways to collect do it in the background, and keep what they free.</remarks>
    public static LargeGarbage Shared { get; } =
        new(
            TimeProvider.System,
            static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true)
        );

    /// <summary>Counts memory that is no longer needed; below 4 MiB, it is ignored.</summary>
    /// <param name="bytes">The size of the memory in bytes.</param>
    public void Add(long bytes)
    {
        if (bytes >= MinBytes && Interlocked.Add(ref _bytes, bytes) >= MaxBytes && !_isResting)
        {
            CollectIfNeeded();
        }
    }

    private void CollectIfNeeded()
    {
        lock (_lock)
        {
            if (_isResting || Volatile.Read(ref _bytes) < MaxBytes)
            {
                return;
            }

            Interlocked.Exchange(ref _bytes, 0);
            var started = time.GetTimestamp();
            collect();
            var took = time.GetElapsedTime(started);
            _isResting = true;
            _timer ??= time.CreateTimer(_ => EndRest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(took * (took <= _maxShort ? ShortRest : LongRest), Timeout.InfiniteTimeSpan);
        }
    }

    private void EndRest()
    {
        _isResting = false;
        CollectIfNeeded();
    }
}
