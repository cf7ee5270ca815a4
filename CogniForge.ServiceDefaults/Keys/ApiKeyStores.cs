using System.Collections.Concurrent;
using CogniForge.ServiceDefaults.Http;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>Which keys does this service know?</summary>
internal interface IApiKeyStore
{
    Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken);

    Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken);

    Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken);

    /// <summary>Revokes a key; false when there is none of that id. Revoking again changes nothing.</summary>
    Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);
}

internal sealed class PostgresApiKeyStore(NpgsqlDataSource database) : IApiKeyStore
{
    private const string Select = "SELECT id, name, scopes, created_at, expires_at, revoked_at FROM api_key";

    public async Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"{Select} WHERE hash = @hash", new { hash }, cancellationToken: cancellationToken));
        return row?.ToKey();
    }

    public async Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO api_key (id, name, hash, scopes, created_at, expires_at) VALUES (@Id, @Name, @hash, @scopes, @CreatedAt, @ExpiresAt)",
            new { key.Id, key.Name, hash, scopes = key.Scopes.ToArray(), key.CreatedAt, key.ExpiresAt }, cancellationToken: cancellationToken));
    }

    public async Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE id > @after ORDER BY id LIMIT @limit", new { after = cursor.AfterId, limit = limit + 1 }, cancellationToken: cancellationToken));
        return Page.Of([.. rows.Select(r => r.ToKey())], limit, k => Cursor.After(k.Id));
    }

    public async Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE api_key SET revoked_at = coalesce(revoked_at, @at) WHERE id = @id", new { id, at }, cancellationToken: cancellationToken)) == 1;
    }

    // As Dapper sees the columns: an array of any type is an Array, timestamptz a UTC DateTime.
    private sealed record Row(Guid Id, string Name, Array Scopes, DateTime Created_At, DateTime? Expires_At, DateTime? Revoked_At)
    {
        public ApiKey ToKey() => new(Id, Name, (string[])Scopes, Created_At, Expires_At, Revoked_At);
    }
}

internal sealed class InMemoryApiKeyStore : IApiKeyStore
{
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new();

    public Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken) => Task.FromResult(_keys.GetValueOrDefault(Convert.ToHexString(hash)));

    public Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken)
    {
        _keys[Convert.ToHexString(hash)] = key;
        return Task.CompletedTask;
    }

    public Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(Page.Of([.. _keys.Values.Where(k => k.Id > cursor.AfterId).OrderBy(k => k.Id).Take(limit + 1)], limit, k => Cursor.After(k.Id)));

    public Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (hash, key) = _keys.FirstOrDefault(k => k.Value.Id == id);
        if (key is null)
        {
            return Task.FromResult(false);
        }

        _keys[hash] = key with { RevokedAt = key.RevokedAt ?? at };
        return Task.FromResult(true);
    }
}
