using System.Runtime.InteropServices;

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Divides a capacity among the keys that use it. A key may take all that is free. When nothing is free, a key below
/// its share (the capacity divided by the keys in use) still gets up to its share; any other key is refused or waits.
/// </summary>
/// <remarks>
/// Nothing is taken back from a key, so that the sum may exceed the capacity until the greedy key's requests end. A
/// key's only request is always admitted. Thread-safe.
/// </remarks>
internal sealed class FairShare(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Requests, long Used)> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedList<Waiter>> _waiters = new(StringComparer.Ordinal);
    private long _used;

    /// <summary>Takes an amount for a new request; false: the key uses more than its share.</summary>
    public bool TryTake(string key, long amount)
    {
        lock (_lock)
        {
            // Requests that wait come first.
            if (
                _waiters.ContainsKey(key)
                || (_keys.TryGetValue(key, out var entry) && !IsWithinShare(entry.Used, amount))
            )
            {
                return false;
            }

            Take(key, amount, requests: 1);
            return true;
        }
    }

    /// <summary>Takes an amount for a new request, or waits until the key is within its share.</summary>
    /// <returns>False: the wait ended first.</returns>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public async ValueTask<bool> TakeAsync(
        string key,
        long amount,
        TimeSpan maxWait,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (TryTake(key, amount))
        {
            return true;
        }

        if (maxWait == TimeSpan.Zero)
        {
            return false;
        }

        var waiter = Enqueue(key, new(amount, requests: 1));
        try
        {
            await waiter.Admitted.Task.WaitAsync(maxWait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return !TryLeave(key, waiter);
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(key, waiter))
            {
                Release(key, amount);
            }

            throw;
        }
    }

    /// <summary>Takes more for a request that already has some; false: the key uses more than its share.</summary>
    public bool TryTakeMore(string key, long amount)
    {
        lock (_lock)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
            if (entry.Requests > 1 && !IsWithinShare(entry.Used, amount))
            {
                return false;
            }

            entry.Used += amount;
            _used += amount;
            return true;
        }
    }

    /// <summary>Takes more for a request that already has some, as soon as the key is within its share.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing was taken.</exception>
    public async ValueTask TakeMoreAsync(string key, long amount, CancellationToken cancellationToken)
    {
        if (TryTakeMore(key, amount))
        {
            return;
        }

        var waiter = Enqueue(key, new(amount, requests: 0));
        try
        {
            await waiter.Admitted.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(key, waiter))
            {
                GiveBack(key, amount);
            }

            throw;
        }
    }

    /// <summary>Gives back a part of what a request took.</summary>
    public void GiveBack(string key, long amount)
    {
        lock (_lock)
        {
            _used -= amount;
            CollectionsMarshal.GetValueRefOrNullRef(_keys, key).Used -= amount;
            AdmitWaiters();
        }
    }

    /// <summary>Ends a request, and gives back what it took.</summary>
    public void Release(string key, long amount)
    {
        lock (_lock)
        {
            _used -= amount;
            ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_keys, key);
            if (entry.Requests == 1)
            {
                _keys.Remove(key);
            }
            else
            {
                entry = (entry.Requests - 1, entry.Used - amount);
            }

            AdmitWaiters();
        }
    }

    // The key that uses least comes first; the requests of a key keep their order.
    private void AdmitWaiters()
    {
        if (_waiters.Count == 0)
        {
            return;
        }

        foreach (var key in _waiters.Keys.OrderBy(k => _keys.GetValueOrDefault(k).Used).ToList())
        {
            var waiters = _waiters[key];
            while (waiters.First?.Value is { } first && Fits(key, first))
            {
                Take(key, first.Amount, first.Requests);
                Remove(key, waiters, first);
                first.Admitted.SetResult();
            }
        }
    }

    private Waiter Enqueue(string key, Waiter waiter)
    {
        lock (_lock)
        {
            ref var waiters = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiters, key, out _);
            waiters ??= [];

            // What a running request needs to end comes before new requests, which wait for that end.
            if (waiter.Requests == 0)
            {
                waiters.AddFirst(waiter);
            }
            else
            {
                waiters.AddLast(waiter);
            }

            AdmitWaiters(); // what was taken may have been given back in the meantime
        }

        return waiter;
    }

    /// <summary>Ends a wait; false: the waiter has been admitted in the meantime.</summary>
    private bool TryLeave(string key, Waiter waiter)
    {
        lock (_lock)
        {
            return _waiters.TryGetValue(key, out var waiters) && Remove(key, waiters, waiter);
        }
    }

    private bool Remove(string key, LinkedList<Waiter> waiters, Waiter waiter)
    {
        var removed = waiters.Remove(waiter);
        if (waiters.Count == 0)
        {
            _waiters.Remove(key);
        }

        return removed;
    }

    private void Take(string key, long amount, int requests)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
        entry = (entry.Requests + requests, entry.Used + amount);
        _used += amount;
    }

    // A key's only request always fits, whether it is new or needs more.
    private bool Fits(string key, Waiter waiter) =>
        !_keys.TryGetValue(key, out var entry)
        || (waiter.Requests == 0 && entry.Requests == 1)
        || IsWithinShare(entry.Used, waiter.Amount);

    // Amounts are a few times the size of a body, and the capacity at most half of a long: no sum overflows.
    private bool IsWithinShare(long used, long amount) =>
        _used + amount <= capacity || used + amount <= capacity / _keys.Count;

    /// <param name="amount">The amount.</param>
    /// <param name="requests">1 for a new request, 0 for more of one that has some.</param>
    private sealed class Waiter(long amount, int requests)
    {
        public long Amount => amount;

        public int Requests => requests;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
