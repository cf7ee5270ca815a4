using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Serving.Models;

/// <summary>Caches what requests need from the registry for two seconds. Thread-safe.</summary>
/// <remarks>While the database is unavailable, values used within the last hour remain.</remarks>
internal sealed class RegistryCache<T>(TimeProvider time) : IDisposable
    where T : class
{
    private const int MaxEntries = 1_000;
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _kept = TimeSpan.FromHours(1);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxEntries });

    public void Dispose() => _cache.Dispose();

    /// <summary>Gets a value that was loaded within the last two seconds; null: it must be loaded.</summary>
    public T? GetFresh(object key) =>
        _cache.TryGetValue(key, out var found) && found is Entry entry && time.GetElapsedTime(entry.At) < _fresh
            ? entry.Value
            : null;

    /// <summary>Loads a value, and keeps it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="loadAsync">Gets the older value, if one is kept; returns null if there is none any more.</param>
    public async Task<T?> LoadAsync(object key, Func<T?, Task<T?>> loadAsync)
    {
        var known = _cache.Get<Entry>(key)?.Value;
        var at = time.GetTimestamp();
        T? value;
        try
        {
            value = await loadAsync(known);
        }
        catch (Exception e) when (known is not null && TransientFaults.IsOutage(e))
        {
            // Cached again, so that an outage costs one query per interval and not one per request.
            (value, at) = (known, time.GetTimestamp());
        }

        if (value is not null)
        {
            _cache.Set(
                key,
                new Entry(value, at),
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _kept }
            );
        }

        return value;
    }

    private sealed record Entry(T Value, long At);
}
