namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>What failed and when it is due again, after a delay that doubles each time. Not thread-safe.</summary>
/// <param name="first">The first delay.</param>
/// <param name="max">The longest delay.</param>
/// <param name="time">The clock.</param>
internal sealed class Backoff<TKey>(TimeSpan first, TimeSpan max, TimeProvider time)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Notes a failure.</summary>
    /// <returns>Whether it is the first one.</returns>
    public bool Fail(TKey key)
    {
        var isKnown = _entries.TryGetValue(key, out var entry);
        var delay = isKnown ? entry.Delay * 2 : first;
        _entries[key] = new(time.GetTimestamp(), delay < max ? delay : max);
        return !isKnown;
    }

    public void Succeed(TKey key) => _entries.Remove(key);

    /// <summary>What is not to be tried yet.</summary>
    public TKey[] Waiting()
    {
        // What has long been due and did not fail again is gone: another replica has published it.
        foreach (var key in _entries.Where(e => Left(e.Value) < -2 * max).Select(e => e.Key).ToList())
        {
            _entries.Remove(key);
        }

        return [.. _entries.Where(e => Left(e.Value) > TimeSpan.Zero).Select(e => e.Key)];
    }

    /// <summary>What failed before and may be tried again.</summary>
    public HashSet<TKey> Due() => [.. _entries.Where(e => Left(e.Value) <= TimeSpan.Zero).Select(e => e.Key)];

    /// <summary>The time until the next of those that wait is due; when none waits, the longest delay.</summary>
    public TimeSpan UntilNext() => _entries.Values.Select(Left).Where(left => left > TimeSpan.Zero).Append(max).Min();

    private TimeSpan Left(Entry entry) => entry.Delay - time.GetElapsedTime(entry.FailedAt);

    private readonly record struct Entry(long FailedAt, TimeSpan Delay);
}
