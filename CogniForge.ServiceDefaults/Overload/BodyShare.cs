namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// What the body of a request takes from the share of its key; a feature of requests with a body. Not thread-safe.
/// </summary>
public sealed class BodyShare
{
    private readonly FairShare _bodies;
    private readonly string _key;
    private readonly BodyMemory _memory;
    private long _received;
    private long _taken;

    internal BodyShare(FairShare bodies, string key, BodyMemory memory, long bytes) =>
        (_bodies, _key, _memory, _received, _taken) = (bodies, key, memory, bytes, memory.Estimate(bytes));

    /// <summary>Gives back what only the work on the body took; call it when the body is read and processed.</summary>
    public void EndWork()
    {
        var kept = Math.Min(_taken, _memory.EstimateKept(_received));
        _bodies.GiveBack(_key, _taken - kept);
        _taken = kept;
    }

    internal ValueTask<bool> TakeAsync(TimeSpan maxWait, TimeProvider time, CancellationToken cancellationToken) =>
        _bodies.TakeAsync(_key, _taken, maxWait, time, cancellationToken);

    /// <summary>Takes more for bytes that have arrived; false: the key uses more than its share.</summary>
    internal bool TryAdd(int bytes)
    {
        _received += bytes;
        var more = _memory.Estimate(_received) - _taken;
        if (!_bodies.TryTakeMore(_key, more))
        {
            return false;
        }

        _taken += more;
        return true;
    }

    internal void Release() => _bodies.Release(_key, _taken);
}
