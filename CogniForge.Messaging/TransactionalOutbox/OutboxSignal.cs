using System.Threading.Channels;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Wakes the dispatcher. Signals between two waits count as one.</summary>
internal sealed class OutboxSignal
{
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private int _isCommitted;

    /// <summary>Signals that this process committed events.</summary>
    public void SetCommitted()
    {
        Volatile.Write(ref _isCommitted, 1);
        Set();
    }

    /// <summary>Signals that another process may have left events.</summary>
    public void Set() => _wakeUps.Writer.TryWrite(true);

    /// <summary>Whether this process has committed events since the last call.</summary>
    public bool TakeCommitted() => Interlocked.Exchange(ref _isCommitted, 0) == 1;

    /// <summary>Waits for a signal or until the timeout.</summary>
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
