using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.Llm.ProviderState;

/// <summary>Remembers the newest ids of this process. Thread-safe.</summary>
internal sealed class InMemoryProviderStateStore : IProviderStateStore, IDisposable
{
    private const int MaxIds = 100_000;
    private readonly MemoryCache _ids = new(new MemoryCacheOptions { SizeLimit = MaxIds });

    public Task AddAsync(
        string caller,
        string provider,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        foreach (var id in ids)
        {
            _ids.Set(
                GetKey(caller, id),
                provider,
                new MemoryCacheEntryOptions
                {
                    Size = 1,
                    AbsoluteExpirationRelativeToNow = IProviderStateStore.Lifetime,
                }
            );
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<string, string?>> FindOwnAsync(
        string caller,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(
            ids.Distinct()
                .Select(id => (Id: id, Provider: _ids.Get<string>(GetKey(caller, id))))
                .Where(s => s.Provider is not null)
                .ToDictionary(s => s.Id, s => s.Provider, StringComparer.Ordinal)
        );

    public Task DeleteExpiredAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _ids.Dispose();

    private static (string Caller, string Digest) GetKey(string caller, string id) =>
        (caller, Convert.ToHexString(StateDigest.Compute(id)));
}
