namespace CogniForge.Llm.Resilience;

/// <summary>
/// Cancels an attempt when the client disconnects, the total timeout expires, or the timeout of the current phase
/// expires.
/// </summary>
internal sealed class AttemptTimeout : IDisposable
{
    // Setting the timer after each read is expensive (see YARP's ActivityCancellationTokenSource).
    private const double Resolution = 0.05;

    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _requestAborted;
    private readonly CancellationTokenRegistration _client;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;
    private TimeSpan _limit;
    private long _started;

    /// <param name="limit">The timeout of the first phase.</param>
    /// <param name="deadline">When the total timeout expires.</param>
    /// <param name="time">The clock.</param>
    /// <param name="requestAborted">Cancelled when the client disconnects.</param>
    public AttemptTimeout(TimeSpan limit, DateTimeOffset deadline, TimeProvider time, CancellationToken requestAborted)
    {
        (_time, _deadline, _limit, _started) = (time, deadline, limit, time.GetTimestamp());
        _requestAborted = requestAborted;
        _source = new(CapToDeadline(limit), time);
        _client = requestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Whether the total timeout expires before the timeout of the current phase.</summary>
    public bool EndsWithTotal { get; private set; }

    /// <summary>The timeout of the current phase.</summary>
    public TimeSpan Limit => _limit;

    public CancellationToken Token => _source.Token;

    /// <summary>Whether a timeout expired while the client was connected.</summary>
    public bool HasExpired => _source.IsCancellationRequested && !_requestAborted.IsCancellationRequested;

    /// <summary>Starts a new phase with its own timeout.</summary>
    public void Restart(TimeSpan limit)
    {
        (_limit, _started) = (limit, _time.GetTimestamp());
        _source.CancelAfter(CapToDeadline(limit));
    }

    /// <summary>Restarts the current phase after activity. Its timeout may then expire up to 5 % early.</summary>
    public void Extend()
    {
        if (_time.GetElapsedTime(_started) >= _limit * Resolution)
        {
            Restart(_limit);
        }
    }

    /// <summary>
    /// Stops the clock of the current phase while the gateway waits for its client. The total timeout stays in force.
    /// </summary>
    public void Pause() => _source.CancelAfter(CapToDeadline(TimeSpan.MaxValue));

    /// <summary>Starts the current phase anew after a pause.</summary>
    public void Resume() => Restart(_limit);

    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
    }

    private TimeSpan CapToDeadline(TimeSpan limit)
    {
        var remaining = _deadline - _time.GetUtcNow();
        EndsWithTotal = remaining <= limit;
        return remaining <= TimeSpan.Zero ? TimeSpan.Zero
            : EndsWithTotal ? remaining
            : limit;
    }
}
