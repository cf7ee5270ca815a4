using System.Text.Json;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class PostgresApiKeyStore(Database database) : IApiKeyStore
{
    private const string Columns = """
        id, name, scopes, created_at, expires_at, revoked_at, disabled_at, limits::text AS limits, allowed_addresses,
        metadata::text AS metadata
        """;

    // least() ignores nulls.
    private const string Find = $"""
        SELECT {Columns}, hash AS found FROM api_key WHERE hash = ANY(@hashes)
        UNION ALL
        SELECT id, name, scopes, created_at, least(expires_at, previous_until) AS expires_at, revoked_at, disabled_at,
            limits::text AS limits, allowed_addresses, metadata::text AS metadata, previous_hash AS found
        FROM api_key WHERE previous_hash = ANY(@hashes)
        """;

    private const string Update = $"""
        UPDATE api_key
        SET name = @Name, expires_at = @ExpiresAt, revoked_at = @RevokedAt, disabled_at = @DisabledAt,
            limits = @limits::jsonb, allowed_addresses = @addresses, metadata = @metadata::jsonb
        WHERE id = @Id RETURNING {Columns}
        """;

    private const string Rotate = $"""
        UPDATE api_key
        SET hash = @hash, previous_hash = CASE WHEN @previousUntil IS NULL THEN NULL ELSE hash END,
            previous_until = @previousUntil
        WHERE id = @Id RETURNING {Columns}
        """;

    private const string Insert = """
        INSERT INTO api_key (id, name, hash, scopes, created_at, expires_at, limits, allowed_addresses, metadata)
        VALUES (@Id, @Name, @hash, @scopes, @CreatedAt, @ExpiresAt, @limits::jsonb, @addresses, @metadata::jsonb)
        """;

    public async Task<IReadOnlyDictionary<string, ApiKey>> FindAsync(
        IReadOnlyCollection<byte[]> hashes,
        CancellationToken cancellationToken
    )
    {
        var rows = await QueryAsync<FoundApiKeyRow>(Find, new { hashes = hashes.ToArray() }, cancellationToken);
        return rows.ToDictionary(r => Convert.ToHexString(r.Found), r => r.ToKey());
    }

    public async Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        (await QueryAsync<ApiKeyRow>($"SELECT {Columns} FROM api_key WHERE id = @id", new { id }, cancellationToken))
            .SingleOrDefault()
            ?.ToKey();

    public Task AddAsync(ApiKey key, byte[] hash, AuditedRequest request, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        Insert,
                        new
                        {
                            key.Id,
                            key.Name,
                            hash,
                            scopes = key.Scopes.ToArray(),
                            key.CreatedAt,
                            key.ExpiresAt,
                            limits = key.Limits?.GetRawText(),
                            addresses = key.AllowedAddresses?.ToArray(),
                            metadata = Write(key.Metadata),
                        },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                );
                await PostgresAuditLog.AddAsync(
                    transaction,
                    request.ToEntry(key.Resource, after: key),
                    cancellationToken
                );
                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken
        );

    public async Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        var rows = await QueryAsync<ApiKeyRow>(
            $"SELECT {Columns} FROM api_key WHERE id > @after ORDER BY id LIMIT @limit",
            new { after = cursor.AfterId, limit = limit + 1 },
            cancellationToken
        );
        return Page.Create([.. rows.Select(r => r.ToKey())], limit, k => Cursor.After(k.Id), k => k.Size);
    }

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = await QueryAsync<(Guid Id, string Name)>(
            "SELECT id, name FROM api_key WHERE id = ANY(@ids)",
            new { ids = ids.ToArray() },
            cancellationToken
        );
        return rows.ToDictionary(r => r.Id, r => r.Name);
    }

    public Task<ApiKey?> ChangeAsync(
        Guid id,
        Func<ApiKey, ApiKey> change,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        UpdateAsync(
            id,
            before =>
                change(before) is var after && ReferenceEquals(before, after)
                    ? null
                    : (
                        Update,
                        new
                        {
                            after.Id,
                            after.Name,
                            after.ExpiresAt,
                            after.RevokedAt,
                            after.DisabledAt,
                            limits = after.Limits?.GetRawText(),
                            addresses = after.AllowedAddresses?.ToArray(),
                            metadata = Write(after.Metadata),
                        }
                    ),
            request,
            cancellationToken
        );

    public Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        UpdateAsync(
            id,
            before =>
                (
                    Rotate,
                    new
                    {
                        before.Id,
                        hash,
                        previousUntil,
                    }
                ),
            request,
            cancellationToken
        );

    private Task<ApiKey?> UpdateAsync(
        Guid id,
        Func<ApiKey, (string Sql, object Parameters)?> getCommand,
        AuditedRequest request,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection => UpdateAsync(connection, id, getCommand, request, cancellationToken),
            cancellationToken
        );

    private static async Task<ApiKey?> UpdateAsync(
        NpgsqlConnection connection,
        Guid id,
        Func<ApiKey, (string Sql, object Parameters)?> getCommand,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await ReadAsync(
            $"SELECT {Columns} FROM api_key WHERE id = @id AND revoked_at IS NULL FOR UPDATE",
            new { id }
        );
        if (before is null || getCommand(before) is not { } command)
        {
            return before;
        }

        var after = (await ReadAsync(command.Sql, command.Parameters))!;
        await PostgresAuditLog.AddAsync(transaction, request.ToEntry(after.Resource, before, after), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;

        async Task<ApiKey?> ReadAsync(string sql, object parameters) =>
            (
                await connection.QuerySingleOrDefaultAsync<ApiKeyRow>(
                    new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
                )
            )?.ToKey();
    }

    private static string? Write(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is null ? null : JsonSerializer.Serialize(metadata);

    private Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken
        );
}
