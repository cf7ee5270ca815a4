namespace CogniForge.Llm.Caching;

/// <summary>Which answers can be given again? What is in it can be rebuilt, so it may forget whatever it likes.</summary>
internal interface IResponseStore
{
    /// <summary>An answer that has not expired; null: there is none.</summary>
    ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Stores an answer until it expires.</summary>
    ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken);

    /// <summary>Forgets the answers with a tag.</summary>
    /// <param name="tag">The tag; null: all answers.</param>
    /// <param name="cancellationToken">Stops it half-way.</param>
    ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken);
}
