using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Llm.Caching;

/// <summary>Stores responses in memory; evicts the least recently used when the cache is full.</summary>
internal sealed class MemoryResponseStore(long maxBytes, TimeProvider time) : IResponseStore, IDisposable
{
    // The approximate size of an entry without its body, in bytes.
    private const int Overhead = 512;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = maxBytes });

    public ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            _cache.TryGetValue<CachedResponse>(key, out var response) && response!.ExpiresAt > time.GetUtcNow()
                ? response
                : null
        );

    public ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken)
    {
        var lifetime = response.ExpiresAt - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero)
        {
            _cache.Set(
                key,
                response,
                new MemoryCacheEntryOptions
                {
                    Size = response.Body.Length + Overhead,
                    AbsoluteExpirationRelativeToNow = lifetime,
                }
            );
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken)
    {
        Purge(tag);
        return ValueTask.CompletedTask;
    }

    /// <summary>Removes the responses with a tag; null: all.</summary>
    public void Purge(string? tag)
    {
        foreach (var key in _cache.Keys)
        {
            if (
                tag is null
                || (_cache.TryGetValue<CachedResponse>(key, out var response) && response!.Tags.Contains(tag))
            )
            {
                _cache.Remove(key);
            }
        }
    }

    public void Dispose() => _cache.Dispose();
}
