namespace CogniForge.Llm.Caching;

/// <summary>
/// A request that is waiting for a provider; identical requests may be waiting for its response. Disposing it without
/// a response lets them call a provider themselves.
/// </summary>
internal sealed class InFlightRequest(
    ResponseCache cache,
    string key,
    TimeSpan lifetime,
    int maxStreamBytes,
    IReadOnlyList<string> tags
) : IAsyncDisposable
{
    private readonly TaskCompletionSource<CachedResponse?> _response = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public string Key => key;

    /// <summary>How long the response may be reused.</summary>
    public TimeSpan Lifetime => lifetime;

    /// <summary>The maximum size of the events of a stream that is cached, in bytes.</summary>
    public int MaxStreamBytes => maxStreamBytes;

    /// <summary>The tags of the response.</summary>
    public IReadOnlyList<string> Tags => tags;

    /// <summary>The response for identical requests; null: they call a provider themselves.</summary>
    public Task<CachedResponse?> Response => _response.Task;

    /// <summary>Stores the response and hands it to the identical requests that wait for it.</summary>
    public async ValueTask CompleteAsync(CachedResponse response)
    {
        await cache.StoreAsync(key, response);
        cache.Remove(this);
        _response.TrySetResult(response);
    }

    /// <summary>Lets identical requests call a provider themselves, unless they have the response.</summary>
    public void Release()
    {
        cache.Remove(this);
        _response.TrySetResult(null);
    }

    public ValueTask DisposeAsync()
    {
        Release();
        return ValueTask.CompletedTask;
    }
}
