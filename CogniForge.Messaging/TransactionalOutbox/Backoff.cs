namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>
/// Tracks failed keys and their retry times; each failure of a key doubles its delay. Not thread-safe.
/// </summary>
/// <param name="first">The delay after the first failure.</param>
/// <param name="max">The maximum delay.</param>
/// <param name="time">The clock.</param>
internal sealed class Backoff<TKey>(TimeSpan first, TimeSpan max, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Records a failure.</summary>
    /// <returns>Whether this is the first failure of the key.</returns>
    public bool Fail(TKey key)
    {
        var isKnown = _entries.TryGetValue(key, out var entry);
        var delay = isKnown ? entry.Delay * 2 : first;
        _entries[key] = new(time.GetTimestamp(), delay < max ? delay : max);
        return !isKnown;
    }

    public void Succeed(TKey key) => _entries.Remove(key);

    /// <summary>The keys whose retry time lies ahead.</summary>
    public TKey[] Waiting()
    {
        // An entry long overdue without another failure is obsolete: another replica has published the event.
        foreach (var key in _entries.Where(e => Remaining(e.Value) < -2 * max).Select(e => e.Key).ToList())
        {
            _entries.Remove(key);
        }

        return [.. _entries.Where(e => Remaining(e.Value) > TimeSpan.Zero).Select(e => e.Key)];
    }

    /// <summary>The failed keys whose retry time has come.</summary>
    public HashSet<TKey> Due() => [.. _entries.Where(e => Remaining(e.Value) <= TimeSpan.Zero).Select(e => e.Key)];

    /// <summary>The time until the next retry, at most the maximum delay.</summary>
    public TimeSpan UntilNext() =>
        _entries.Values.Select(Remaining).Where(left => left > TimeSpan.Zero).Append(max).Min();

    private TimeSpan Remaining(Entry entry) => entry.Delay - time.GetElapsedTime(entry.FailedAt);

    private readonly record struct Entry(long FailedAt, TimeSpan Delay);
}
