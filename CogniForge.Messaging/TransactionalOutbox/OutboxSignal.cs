using System.Threading.Channels;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Wakes the dispatcher. Any number of signals before it looks count as one.</summary>
internal sealed class OutboxSignal
{
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private int _isCommitted;

    /// <summary>This process has committed events.</summary>
    public void SetCommitted()
    {
        Volatile.Write(ref _isCommitted, 1);
        Set();
    }

    /// <summary>There may be events of another process.</summary>
    public void Set() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Whether this process has committed events since the last call.</summary>
    public bool TakeCommitted() => Interlocked.Exchange(ref _isCommitted, 0) == 1;

    /// <summary>Waits for a signal, or until the time is over.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _wakeUps.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No signal in time: the poll is due.
        }
    }
}
