using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Llm.ProviderState;

/// <summary>Remembers the newest ids of this process. Thread-safe.</summary>
internal sealed class InMemoryProviderStateStore : IProviderStateStore, IDisposable
{
    private const int MaxIds = 100_000;
    private readonly MemoryCache _ids = new(new MemoryCacheOptions { SizeLimit = MaxIds });

    public Task AddAsync(string caller, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            _ids.Set(
                GetKey(caller, id),
                true,
                new MemoryCacheEntryOptions
                {
                    Size = 1,
                    AbsoluteExpirationRelativeToNow = IProviderStateStore.Lifetime,
                }
            );
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<string>> FindOwnAsync(
        string caller,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlySet<string>>(
            ids.Where(id => _ids.TryGetValue(GetKey(caller, id), out _)).ToHashSet(StringComparer.Ordinal)
        );

    public Task DeleteExpiredAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ids.Dispose();

    private static (string Caller, string Digest) GetKey(string caller, string id) =>
        (caller, Convert.ToHexString(StateDigest.Compute(id)));
}
