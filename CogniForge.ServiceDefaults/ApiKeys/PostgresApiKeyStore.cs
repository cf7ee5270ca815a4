using System.Text.Json;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class PostgresApiKeyStore(Database database) : IApiKeyStore
{
    private const string Columns =
        "id, name, scopes, created_at, expires_at, revoked_at, disabled_at, limits::text AS limits";

    // least() ignores nulls.
    private const string Find = """
        SELECT id, name, scopes, created_at,
            CASE WHEN hash = @hash THEN expires_at ELSE least(expires_at, previous_until) END AS expires_at,
            revoked_at, disabled_at, limits::text AS limits
        FROM api_key WHERE hash = @hash OR previous_hash = @hash
        """;

    private const string Rotate = """
        UPDATE api_key
        SET hash = @hash, previous_hash = CASE WHEN @previousUntil IS NULL THEN NULL ELSE hash END,
            previous_until = @previousUntil
        WHERE id = @id AND revoked_at IS NULL
        """;

    public Task<ApiKey?> FindAsync(byte[] hash, CancellationToken cancellationToken) =>
        SingleAsync(Find, new { hash }, cancellationToken);

    public Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        SingleAsync($"SELECT {Columns} FROM api_key WHERE id = @id", new { id }, cancellationToken);

    public Task AddAsync(ApiKey key, byte[] hash, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        INSERT INTO api_key (id, name, hash, scopes, created_at, expires_at, limits)
                        VALUES (@Id, @Name, @hash, @scopes, @CreatedAt, @ExpiresAt, @limits::jsonb)
                        """,
                        new
                        {
                            key.Id,
                            key.Name,
                            hash,
                            scopes = key.Scopes.ToArray(),
                            key.CreatedAt,
                            key.ExpiresAt,
                            limits = key.Limits?.GetRawText(),
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    public async Task<Page<ApiKey>> ListAsync(Cursor cursor, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.RunAsync(
            connection =>
                connection.QueryAsync<Row>(
                    new CommandDefinition(
                        $"SELECT {Columns} FROM api_key WHERE id > @after ORDER BY id LIMIT @limit",
                        new { after = cursor.AfterId, limit = limit + 1 },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return Page.Create([.. rows.Select(r => r.ToKey())], limit, k => Cursor.After(k.Id), k => k.Size);
    }

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.RunAsync(
            connection =>
                connection.QueryAsync<(Guid Id, string Name)>(
                    new CommandDefinition(
                        "SELECT id, name FROM api_key WHERE id = ANY(@ids)",
                        new { ids = ids.ToArray() },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        return rows.ToDictionary(r => r.Id, r => r.Name);
    }

    public Task<ApiKey?> ChangeAsync(
        Guid id,
        string? name,
        bool setsExpiry,
        DateTimeOffset? expiresAt,
        CancellationToken cancellationToken
    ) =>
        SingleAsync(
            $"""
            UPDATE api_key
            SET name = coalesce(@name, name), expires_at = CASE WHEN @setsExpiry THEN @expiresAt ELSE expires_at END
            WHERE id = @id AND revoked_at IS NULL RETURNING {Columns}
            """,
            new
            {
                id,
                name,
                setsExpiry,
                expiresAt,
            },
            cancellationToken
        );

    public async Task<bool> RevokeAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        await SingleAsync(
            $"UPDATE api_key SET revoked_at = coalesce(revoked_at, @at) WHERE id = @id RETURNING {Columns}",
            new { id, at },
            cancellationToken
        )
            is not null;

    public Task<ApiKey?> RotateAsync(
        Guid id,
        byte[] hash,
        DateTimeOffset? previousUntil,
        CancellationToken cancellationToken
    ) =>
        SingleAsync(
            $"{Rotate} RETURNING {Columns}",
            new
            {
                id,
                hash,
                previousUntil,
            },
            cancellationToken
        );

    public Task<ApiKey?> SetDisabledAsync(Guid id, DateTimeOffset? at, CancellationToken cancellationToken) =>
        SingleAsync(
            $"""
            UPDATE api_key
            SET disabled_at = CASE WHEN @at::timestamptz IS NULL THEN NULL ELSE coalesce(disabled_at, @at) END
            WHERE id = @id AND revoked_at IS NULL RETURNING {Columns}
            """,
            new { id, at },
            cancellationToken
        );

    public Task<ApiKey?> SetLimitsAsync(Guid id, JsonElement limits, CancellationToken cancellationToken) =>
        SingleAsync(
            $"UPDATE api_key SET limits = @limits::jsonb WHERE id = @id AND revoked_at IS NULL RETURNING {Columns}",
            new { id, limits = limits.GetRawText() },
            cancellationToken
        );

    private async Task<ApiKey?> SingleAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        (
            await database.RunAsync(
                connection =>
                    connection.QuerySingleOrDefaultAsync<Row>(
                        new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                    ),
                cancellationToken
            )
        )?.ToKey();

    // Dapper's types: an array of any type is an Array, timestamptz a UTC DateTime.
    private sealed record Row(
        Guid Id,
        string Name,
        Array Scopes,
        DateTime Created_At,
        DateTime? Expires_At,
        DateTime? Revoked_At,
        DateTime? Disabled_At,
        string? Limits
    )
    {
        public ApiKey ToKey() =>
            new(Id, Name, (string[])Scopes, Created_At, Expires_At, Revoked_At)
            {
                DisabledAt = Disabled_At,
                Limits = Limits is null ? null : JsonSerializer.Deserialize<JsonElement>(Limits),
            };
    }
}
