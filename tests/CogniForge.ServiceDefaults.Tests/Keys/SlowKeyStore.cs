using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Tests.Keys;

/// <summary>A store whose queries take some time by the test's clock, once it is started.</summary>
internal sealed class SlowKeyStore(IApiKeyStore inner, FakeTimeProvider clock, TimeSpan duration) : IApiKeyStore
{
    private readonly TaskCompletionSource _started = new();
    private readonly Lock _lock = new();

    public int Queries { get; private set; }

    public void Start() => _started.SetResult();

    public async Task<IReadOnlyDictionary<string, ApiKey>> FindAsync(
        IReadOnlyCollection<byte[]> hashes,
        CancellationToken cancellationToken
    )
    {
        await _started.Task;
        lock (_lock)
        {
            Queries++;
            clock.Advance(duration);
        }

        return await inner.FindAsync(hashes, cancellationToken);
    }

    public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task AddAsync(ApiKey key, byte[] hash, AuditedRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<ApiKey?> ChangeAsync(
        Guid id,
        Func<ApiKey, ApiKey> change,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();

    public Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) => throw new NotSupportedException();
}
