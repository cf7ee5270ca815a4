namespace CogniForge.Llm.Caching;

/// <summary>A request that is on its way to a provider, and whose answer others may be waiting for.</summary>
internal sealed class InFlightRequest(ResponseCache cache, string key, TimeSpan lifetime, IReadOnlyList<string> tags)
{
    private bool _hasLanded;

    /// <summary>The question's key.</summary>
    public string Key => key;

    /// <summary>Whether others wait for this one.</summary>
    public bool Leads { get; set; }

    /// <summary>Stores an answer and gives it to those who wait for it.</summary>
    /// <param name="response">Makes the answer from when it is stored, when it expires and its tags; null: there was no good one, and each has to ask for itself.</param>
    public ValueTask CompleteAsync(
        Func<DateTimeOffset, DateTimeOffset, IReadOnlyList<string>, CachedResponse>? response
    )
    {
        if (_hasLanded)
        {
            return ValueTask.CompletedTask;
        }

        _hasLanded = true;
        var now = cache.Now;
        return cache.CompleteAsync(this, response?.Invoke(now, now + lifetime, tags));
    }
}
