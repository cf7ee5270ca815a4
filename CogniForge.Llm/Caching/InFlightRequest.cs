namespace CogniForge.Llm.Caching;

/// <summary>
/// A request that is waiting for a provider; identical requests may be waiting for its response. Disposing it without
/// a response lets them call a provider themselves.
/// </summary>
internal sealed class InFlightRequest(ResponseCache cache, string key, TimeSpan lifetime, IReadOnlyList<string> tags)
    : IAsyncDisposable
{
    private bool _isCompleted;

    public string Key => key;

    /// <summary>How long the response may be reused.</summary>
    public TimeSpan Lifetime => lifetime;

    /// <summary>The tags of the response.</summary>
    public IReadOnlyList<string> Tags => tags;

    /// <summary>Whether identical requests wait for this one.</summary>
    public bool IsLeader { get; set; }

    /// <summary>Stores the response and hands it to the identical requests that wait for it.</summary>
    public ValueTask CompleteAsync(CachedResponse response)
    {
        _isCompleted = true;
        return cache.CompleteAsync(this, response);
    }

    public ValueTask DisposeAsync() => _isCompleted ? ValueTask.CompletedTask : cache.CompleteAsync(this, null);
}
