namespace CogniForge.Llm.Resilience;

/// <summary>The token of an attempt: it ends when the client goes, when the total time is over, or when the limit of the present phase is.</summary>
internal sealed class AttemptTimeout : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _client;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _deadline;

    /// <summary>Starts the clock.</summary>
    /// <param name="limit">The first phase's limit.</param>
    /// <param name="deadline">When the total time is over.</param>
    /// <param name="time">The clock.</param>
    /// <param name="clientGone">The client's own token.</param>
    public AttemptTimeout(TimeSpan limit, DateTimeOffset deadline, TimeProvider time, CancellationToken clientGone)
    {
        (_time, _deadline) = (time, deadline);
        _source = new(Within(limit), time);
        _client = clientGone.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Whether the present phase can last no longer than the total time, which ends it then.</summary>
    public bool EndsWithTotal { get; private set; }

    /// <summary>Ends the attempt.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>A new phase begins, with its own limit from now on.</summary>
    public void Restart(TimeSpan limit) => _source.CancelAfter(Within(limit));

    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
    }

    private TimeSpan Within(TimeSpan limit)
    {
        var left = _deadline - _time.GetUtcNow();
        EndsWithTotal = left <= limit;
        return left <= TimeSpan.Zero ? TimeSpan.Zero
            : EndsWithTotal ? left
            : limit;
    }
}
