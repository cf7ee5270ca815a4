namespace CogniForge.ServiceDefaults.Resilience;

/// <summary>
/// Keeps calls away from an unavailable server, except one probe per interval. Opens on the first failure, whereas
/// Polly's needs at least two in a sampling period. Thread-safe.
/// </summary>
/// <param name="probeInterval">The time between the last failure or probe and the next probe.</param>
/// <param name="time">The clock.</param>
public sealed class CircuitBreaker(TimeSpan probeInterval, TimeProvider time)
{
    // The time of the last failure or probe; 0: closed.
    private long _lastAttempt;

    /// <summary>Whether the server is known to be unavailable.</summary>
    public bool IsOpen => Volatile.Read(ref _lastAttempt) != 0;

    /// <summary>Whether the caller may call the server: always while closed, else as the next probe.</summary>
    public bool TryEnter()
    {
        var last = Volatile.Read(ref _lastAttempt);
        return last == 0
            || (
                time.GetElapsedTime(last) >= probeInterval
                && Interlocked.CompareExchange(ref _lastAttempt, time.GetTimestamp(), last) == last
            );
    }

    /// <summary>Records a failure.</summary>
    /// <returns>Whether the circuit was closed.</returns>
    public bool Open() => Interlocked.Exchange(ref _lastAttempt, time.GetTimestamp()) == 0;

    /// <summary>Records a success.</summary>
    /// <returns>Whether the circuit was open.</returns>
    public bool Close() => Interlocked.Exchange(ref _lastAttempt, 0) != 0;
}
