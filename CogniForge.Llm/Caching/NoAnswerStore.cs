
namespace CogniForge.Llm.Caching;

/// <summary>Stores nothing.</summary>
internal sealed class NoAnswerStore : IAnswerStore
{
    public ValueTask<CachedAnswer?> GetAsync(string key, CancellationToken cancellationToken) => default;

    public ValueTask SetAsync(string key, CachedAnswer answer, CancellationToken cancellationToken) => default;

    public ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken) => default;
}
