namespace CogniForge.Llm.Caching;

/// <summary>
/// Stores responses for reuse. A store may drop any entry at any time: a provider can generate it again.
/// </summary>
internal interface IResponseStore
{
    /// <summary>Gets the response if it has not expired; otherwise null.</summary>
    ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Stores a response until it expires.</summary>
    ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken);

    /// <summary>Removes the responses with a tag.</summary>
    /// <param name="tag">The tag; null: all responses.</param>
    /// <param name="cancellationToken">Stops the purge, possibly before all matching responses are removed.</param>
    ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken);
}
