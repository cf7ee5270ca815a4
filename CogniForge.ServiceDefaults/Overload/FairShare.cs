using System.Runtime.InteropServices;

namespace CogniForge.ServiceDefaults.Overload;

/// <summary>
/// Divides a capacity among the keys that use it. A key may take all that is free. When nothing is free, a key below
/// its share (the capacity divided by the keys in use) still gets up to its share, and any other key is refused.
/// </summary>
/// <remarks>
/// Nothing is taken back from a key, so that the sum may exceed the capacity until the greedy key's requests end. A
/// key's only request is always admitted. Thread-safe.
/// </remarks>
internal sealed class FairShare(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Requests, long Used)> _keys = new(StringComparer.Ordinal);
    private long _used;

    /// <summary>Takes an amount for a new request; false: the key uses more than its share.</summary>
    public bool TryTake(string key, long amount)
    {
        lock (_lock)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out var exists);
            if (exists && !Fits(entry.Used, amount))
            {
                return false;
            }

            entry = (entry.Requests + 1, entry.Used + amount);
            _used += amount;
            return true;
        }
    }

    /// <summary>Takes more for a request that already has some; false: the key uses more than its share.</summary>
    public bool TryTakeMore(string key, long amount)
    {
        lock (_lock)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out _);
            if (entry.Requests > 1 && !Fits(entry.Used, amount))
            {
                return false;
            }

            entry.Used += amount;
            _used += amount;
            return true;
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
        }
    }

    // Amounts are a few times the size of a body, and the capacity at most half of a long: no sum overflows.
    private bool Fits(long used, long amount) =>
        _used + amount <= capacity || used + amount <= capacity / _keys.Count;
}
