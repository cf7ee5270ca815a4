namespace CogniForge.Llm.Caching;

/// <summary>A request that is waiting for a provider; identical requests may be waiting for its response.</summary>
internal sealed class InFlightRequest(ResponseCache cache, string key, TimeSpan lifetime, IReadOnlyList<string> tags)
{
    private bool _isCompleted;

    public string Key => key;

    /// <summary>Whether identical requests wait for this one.</summary>
    public bool IsLeader { get; set; }

    /// <summary>
    /// Stores the response and hands it to the identical requests that wait for it. Only the first call counts.
    /// </summary>
    /// <param name="response">
    /// Creates the response from the time of storing, the expiry and the tags; null: the request failed, and the
    /// waiting requests call a provider themselves.
    /// </param>
    public ValueTask CompleteAsync(
        Func<DateTimeOffset, DateTimeOffset, IReadOnlyList<string>, CachedResponse>? response
    )
    {
        if (_isCompleted)
        {
            return ValueTask.CompletedTask;
        }

        _isCompleted = true;
        var now = cache.Now;
        return cache.CompleteAsync(this, response?.Invoke(now, now + lifetime, tags));
    }
}
