namespace CogniForge.Llm.Gateway;

/// <summary>
/// Sends keep-alives while a stream is silent. Takes turns with other writes, so that a keep-alive never comes between
/// the lines of an event.
/// </summary>
internal sealed class KeepAlive : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TimeSpan _interval;
    private readonly Func<ValueTask> _send;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _lastSent;
    private bool _hasEnded;

    /// <param name="interval">The silence before each keep-alive, above zero.</param>
    /// <param name="send">Sends a keep-alive.</param>
    /// <param name="time">The clock.</param>
    public KeepAlive(TimeSpan interval, Func<ValueTask> send, TimeProvider time)
    {
        (_interval, _send, _time, _lastSent) = (interval, send, time, time.GetTimestamp());
        _timer = time.CreateTimer(
            static state => _ = ((KeepAlive)state!).OnTimerAsync(),
            this,
            interval,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Waits for the turn, in which no keep-alive is sent.</summary>
    public ValueTask EnterAsync() => _turn.Wait(0) ? default : new(_turn.WaitAsync());

    /// <summary>Ends the turn.</summary>
    /// <param name="hasSent">Whether it has sent something.</param>
    public void Exit(bool hasSent)
    {
        if (hasSent)
        {
            _lastSent = _time.GetTimestamp();
        }

        _turn.Release();
    }

    /// <summary>Sends no further keep-alive.</summary>
    public async ValueTask DisposeAsync()
    {
        await EnterAsync();
        _hasEnded = true;
        _turn.Release();
        await _timer.DisposeAsync();
    }

    private async Task OnTimerAsync()
    {
        var wait = _interval;
        if (_turn.Wait(0))
        {
            try
            {
                wait -= _time.GetElapsedTime(_lastSent);
                if (wait <= TimeSpan.Zero && !_hasEnded)
                {
                    await _send();
                    (wait, _lastSent) = (_interval, _time.GetTimestamp());
                }
            }
            catch (OperationCanceledException)
            {
                return; // the client disconnected
            }
            finally
            {
                _turn.Release();
            }
        }

        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
