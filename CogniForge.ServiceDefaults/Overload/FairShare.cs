using System.Runtime.InteropServices;

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Divides a capacity among the keys that use it. A key may take all that is free. When nothing is free, a key below
/// its share (the capacity divided by the keys in use) still gets up to its share; any other key is refused or waits.
/// </summary>
/// <remarks>
/// Nothing is taken back from a key, so that the sum may exceed the capacity until the greedy key's requests end. A
/// key's only request is always admitted, and one of its running requests at a time gets more than the share, so that
/// requests which all need more to end cannot wait for each other. Thread-safe.
/// </remarks>
internal sealed class FairShare(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedList<Waiter>> _waiters = new(StringComparer.Ordinal);
    private long _used;

    /// <summary>Takes an amount for a new request; false: the key uses more than its share.</summary>
    public bool TryTake(string key, long amount)
    {
        lock (_lock)
        {
            // Requests that wait come first.
            var waiter = new Waiter(amount);
            if ((amount > 0 && _waiters.ContainsKey(key)) || !Fits(key, waiter))
            {
                return false;
            }

            Take(key, waiter);
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

        var waiter = Enqueue(key, new(amount));
        try
        {
            await waiter.Admitted.Task.WaitAsync(maxWait, time, cancellationToken);
            await Task.Yield(); // to the end of the pool's queue: the thread that admits would run it before all others
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

            entry = entry with { Used = entry.Used + amount };
            _used += amount;
            return true;
        }
    }

    /// <summary>Takes more for a running request, which it needs to end, as soon as the key may have it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="request">The request.</param>
    /// <param name="amount">The amount, above 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended; nothing was taken.</exception>
    public async ValueTask TakeMoreAsync(string key, object request, long amount, CancellationToken cancellationToken)
    {
        var waiter = Enqueue(key, new(amount, request));
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
    /// <param name="key">The key.</param>
    /// <param name="amount">The part.</param>
    /// <param name="request">The request if it gives back all that it took beyond the share; null: it does not.</param>
    public void GiveBack(string key, long amount, object? request = null)
    {
        lock (_lock)
        {
            _used -= amount;
            ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_keys, key);
            var overdraft = ReferenceEquals(entry.Overdraft, request) ? null : entry.Overdraft;
            entry = entry with { Used = entry.Used - amount, Overdraft = overdraft };
            AdmitWaiters();
        }
    }

    /// <summary>Ends a request, and gives back what it took.</summary>
    /// <param name="key">The key.</param>
    /// <param name="amount">All that it took.</param>
    /// <param name="request">The request if it may have taken more; null: it has not.</param>
    public void Release(string key, long amount, object? request = null)
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
                var overdraft = ReferenceEquals(entry.Overdraft, request) ? null : entry.Overdraft;
                entry = new(entry.Requests - 1, entry.Used - amount, overdraft);
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
                Take(key, first);
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
            if (waiter.Request is not null)
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
            if (!_waiters.TryGetValue(key, out var waiters) || !Remove(key, waiters, waiter))
            {
                return false;
            }

            AdmitWaiters(); // it may have been the first, and the next may need less
            return true;
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

    private void Take(string key, Waiter waiter)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out var exists);
        var isOverdraft = exists && waiter.Request is not null && !IsWithinShare(entry.Used, waiter.Amount);
        entry = new(
            entry.Requests + (waiter.Request is null ? 1 : 0),
            entry.Used + waiter.Amount,
            isOverdraft ? waiter.Request : entry.Overdraft
        );
        _used += waiter.Amount;
    }

    private bool Fits(string key, Waiter waiter) =>
        !_keys.TryGetValue(key, out var entry)
        || IsWithinShare(entry.Used, waiter.Amount)
        || (
            waiter.Request is not null
            && (entry.Overdraft is null || ReferenceEquals(entry.Overdraft, waiter.Request))
        );

    // Amounts are a few times the size of a body, and the capacity at most half of a long: no sum overflows.
    private bool IsWithinShare(long used, long amount) =>
        amount <= 0 || _used + amount <= capacity || used + amount <= capacity / _keys.Count;

    /// <param name="Requests">The requests in flight.</param>
    /// <param name="Used">What they have taken.</param>
    /// <param name="Overdraft">The one request that has taken more than the share; null: none.</param>
    private readonly record struct Entry(int Requests, long Used, object? Overdraft);

    /// <param name="amount">The amount.</param>
    /// <param name="request">The running request that needs more; null: a new request.</param>
    private sealed class Waiter(long amount, object? request = null)
    {
        public long Amount => amount;

        public object? Request => request;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
