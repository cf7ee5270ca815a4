namespace CogniForge.Serving.Routing;

/// <summary>
/// What this replica observes of a version: requests in flight, recent latency, and whether it is ejected. Thread-safe.
/// </summary>
internal sealed class VersionTraffic(TimeProvider time)
{
    // Finagle's Peak EWMA decays with a similar time.
    private static readonly TimeSpan _latencyDecay = TimeSpan.FromSeconds(10);
    private const int MaxEjectionFactor = 10;

    private readonly Lock _lock = new();
    private int _outstanding;
    private int _failures;
    private int _ejections;
    private long _ejectedUntil; // a timestamp; 0: healthy
    private int _isProbed;
    private double _latency; // seconds; 0: unknown
    private long _latencyAt;

    /// <summary>The requests in flight.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Whether it failed too often; a probe brings it back.</summary>
    public bool IsEjected => Volatile.Read(ref _ejectedUntil) != 0;

    /// <summary>Whether a strategy may choose it: it is healthy, or its probe is due.</summary>
    public bool CanTake(int maxOutstanding)
    {
        var until = Volatile.Read(ref _ejectedUntil);
        return Outstanding < maxOutstanding
            && (until == 0 || (time.GetTimestamp() >= until && Volatile.Read(ref _isProbed) == 0));
    }

    /// <summary>Begins a request that a strategy chose; false: it is full, or ejected without a probe due.</summary>
    public bool TryEnter(int maxOutstanding)
    {
        var until = Volatile.Read(ref _ejectedUntil);
        if (until != 0 && (time.GetTimestamp() < until || Interlocked.Exchange(ref _isProbed, 1) == 1))
        {
            return false;
        }

        if (TryEnterAnyway(maxOutstanding))
        {
            return true;
        }

        Volatile.Write(ref _isProbed, 0);
        return false;
    }

    /// <summary>Begins a request whether or not the version is ejected; false: it is full.</summary>
    public bool TryEnterAnyway(int maxOutstanding)
    {
        if (Interlocked.Increment(ref _outstanding) <= maxOutstanding)
        {
            return true;
        }

        Interlocked.Decrement(ref _outstanding);
        return false;
    }

    /// <summary>Ends a request.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="latency">How long it took.</param>
    /// <param name="ejection">When the version is ejected.</param>
    /// <returns>Whether it is ejected now and was not before.</returns>
    public bool Exit(AttemptOutcome outcome, TimeSpan latency, EjectionPolicy ejection)
    {
        Interlocked.Decrement(ref _outstanding);
        switch (outcome)
        {
            case AttemptOutcome.Succeeded:
                RecordLatency(latency.TotalSeconds);
                if (Volatile.Read(ref _failures) != 0 || IsEjected)
                {
                    lock (_lock)
                    {
                        (_failures, _ejections) = (0, 0);
                        Volatile.Write(ref _ejectedUntil, 0);
                        Volatile.Write(ref _isProbed, 0);
                    }
                }

                return false;
            case AttemptOutcome.Failed:
                return RecordFailure(ejection);
            default:
                Volatile.Write(ref _isProbed, 0);
                return false;
        }
    }

    /// <summary>
    /// The moving average of the latency in seconds; it decays towards 0 while no request ends, so that a version that
    /// was slow is tried again. 0: unknown.
    /// </summary>
    public double GetLatency() =>
        Volatile.Read(ref _latency) * Math.Exp(-(time.GetElapsedTime(Volatile.Read(ref _latencyAt)) / _latencyDecay));

    private void RecordLatency(double seconds)
    {
        lock (_lock)
        {
            var weight = _latency == 0 ? 0 : Math.Exp(-(time.GetElapsedTime(_latencyAt) / _latencyDecay));
            Volatile.Write(ref _latency, (_latency * weight) + (seconds * (1 - weight)));
            Volatile.Write(ref _latencyAt, time.GetTimestamp());
        }
    }

    private bool RecordFailure(EjectionPolicy ejection)
    {
        lock (_lock)
        {
            _failures++;
            var wasEjected = IsEjected;
            if (wasEjected && time.GetTimestamp() < _ejectedUntil)
            {
                return false; // it began before the ejection
            }

            if (!wasEjected && _failures < (ejection.ConsecutiveFailures ?? EjectionPolicy.DefaultFailures))
            {
                return false;
            }

            _ejections = Math.Min(_ejections + 1, MaxEjectionFactor);
            var seconds = (ejection.Seconds ?? EjectionPolicy.DefaultSeconds) * _ejections;
            Volatile.Write(ref _ejectedUntil, time.GetTimestamp() + (long)(seconds * time.TimestampFrequency));
            Volatile.Write(ref _isProbed, 0);
            return !wasEjected;
        }
    }
}
