using System.Text.Json;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class InMemoryApiKeyStore : IApiKeyStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _entries = [];

    public Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var entry = _entries.Values.FirstOrDefault(e =>
                e.Hash.AsSpan().SequenceEqual(hash) || e.Previous.AsSpan().SequenceEqual(hash)
            );
            return Task.FromResult(
                entry is null || entry.Hash.AsSpan().SequenceEqual(hash) || entry.Key.ExpiresAt <= entry.PreviousUntil
                    ? entry?.Key
                    : entry.Key with
                    {
                        ExpiresAt = entry.PreviousUntil,
                    }
            );
        }
    }

    public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_entries.GetValueOrDefault(id)?.Key);
        }
    }

    public Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _entries.Add(key.Id, new(key, hash, null, null));
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
        string? name,
        bool setsExpiry,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    ) =>
        Change(
            id,
            e =>
                e with
                {
                    Key = e.Key with
                    {
                        Name = name ?? e.Key.Name,
                        ExpiresAt = setsExpiry ? expiresAt : e.Key.ExpiresAt,
                    },
                }
        );

    public Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var entry = _entries.GetValueOrDefault(id);
            if (entry is { Key.RevokedAt: null })
            {
                _entries[id] = entry with { Key = entry.Key with { RevokedAt = at } };
            }

            return Task.FromResult(entry is not null);
        }
    }

    public Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        CancellationToken cancellationToken
    ) => Change(id, e => new(e.Key, hash, previousUntil is null ? null : e.Hash, previousUntil));

    public Task<ApiKey?> SetDisabledAsync(Guid id, DateTimeOffset? at, CancellationToken cancellationToken) =>
        Change(id, e => e with { Key = e.Key with { DisabledAt = at is null ? null : e.Key.DisabledAt ?? at } });

    public Task<ApiKey?> SetLimitsAsync(Guid id, JsonElement limits, CancellationToken cancellationToken) =>
        Change(id, e => e with { Key = e.Key with { Limits = limits } });

    private Task<ApiKey?> Change(Guid id, Func<Entry, Entry> change)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _entries.GetValueOrDefault(id) is { Key.RevokedAt: null } entry
                    ? (_entries[id] = change(entry)).Key
                    : null
            );
        }
    }

    private sealed record Entry(ApiKey Key, byte[] Hash, byte[]? Previous, DateTimeOffset? PreviousUntil);
}
