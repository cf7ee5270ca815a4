using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class InMemoryApiKeyStore(InMemoryAuditLog audit) : IApiKeyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _entries = [];

    public Task<IReadOnlyDictionary<string, ApiKey>> FindAsync(
        IReadOnlyCollection<byte[]> hashes,
        CancellationToken cancellationToken
    )
    {
        var wanted = hashes.Select(Convert.ToHexString).ToHashSet();
        var found = new Dictionary<string, ApiKey>();
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                if (wanted.Contains(entry.Hash))
                {
                    found[entry.Hash] = entry.Key;
                }

                if (entry.Previous is { } previous && wanted.Contains(previous))
                {
                    found[previous] =
                        entry.Key.ExpiresAt <= entry.PreviousUntil
                            ? entry.Key
                            : entry.Key with
                            {
                                ExpiresAt = entry.PreviousUntil,
                            };
                }
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, ApiKey>>(found);
    }

    public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_entries.GetValueOrDefault(id)?.Key);
        }
    }

    public Task AddAsync(ApiKey key, byte[] hash, AuditedRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _entries.Add(key.Id, new(key, Convert.ToHexString(hash), null, null));
            audit.Add(request.ToEntry(key.Resource, after: key));
        }

        return Task.CompletedTask;
    }

    public Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _entries
                            .Values.Select(e => e.Key)
                            .Where(k => k.Id > cursor.AfterId)
                            .OrderBy(k => k.Id)
                            .Take(limit + 1),
                    ],
                    limit,
                    k => Cursor.After(k.Id),
                    k => k.Size
                )
            );
        }
    }

    public Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<Guid, string>>(
                ids.Where(_entries.ContainsKey).Distinct().ToDictionary(id => id, id => _entries[id].Key.Name)
            );
        }
    }

    public Task<ApiKey?> ChangeAsync(
        Guid id,
        Func<ApiKey, ApiKey> change,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        Update(
            id,
            e => change(e.Key) is var after && ReferenceEquals(after, e.Key) ? e : e with { Key = after },
            request
        );

    public Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        Update(
            id,
            e => new(e.Key, Convert.ToHexString(hash), previousUntil is null ? null : e.Hash, previousUntil),
            request
        );

    private Task<ApiKey?> Update(Guid id, Func<Entry, Entry> update, AuditedRequest request)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(id) is not { Key.RevokedAt: null } before)
            {
                return Task.FromResult<ApiKey?>(null);
            }

            var after = _entries[id] = update(before);
            if (!ReferenceEquals(before, after))
            {
                audit.Add(request.ToEntry(after.Key.Resource, before.Key, after.Key));
            }

            return Task.FromResult<ApiKey?>(after.Key);
        }
    }

    private sealed record Entry(ApiKey Key, string Hash, string? Previous, DateTimeOffset? PreviousUntil);
}
