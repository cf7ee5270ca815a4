namespace CogniForge.Llm.Caching;

internal sealed class NullResponseStore : IResponseStore
{
    public ValueTask<CachedResponse?> GetAsync(string key, CancellationToken cancellationToken) => default;

    public ValueTask SetAsync(string key, CachedResponse response, CancellationToken cancellationToken) => default;

    public ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken) => default;
}
