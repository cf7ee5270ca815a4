using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Models;

internal sealed class PostgresModelStore(Database database, Outbox outbox) : IModelStore
{
    // Reads the rows of the page and the next one, but no large columns beyond them.
    private const string ListVersions = $"""
        WITH page AS (
            SELECT id, octet_length(details::text) + octet_length(tags::text) + octet_length(description) AS bytes
            FROM model_version
            WHERE (@name IS NULL OR name = @name) AND id > @after
            ORDER BY id LIMIT @limit
        ), sums AS (
            SELECT id, sum(bytes) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS earlier
            FROM page
        )
        SELECT {VersionRow.ColumnsWithoutDefinition} FROM model_version JOIN sums USING (id)
        WHERE coalesce(earlier, 0) < @maxBytes ORDER BY id
        """;

    private const string ListModels = $"""
        WITH page AS (
            SELECT id, octet_length(tags::text) + octet_length(description) AS bytes
            FROM model WHERE id > @after ORDER BY id LIMIT @limit
        ), sums AS (
            SELECT id, sum(bytes) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS earlier
            FROM page
        )
        SELECT {ModelRow.Columns} FROM model m JOIN sums USING (id)
        WHERE coalesce(earlier, 0) < @maxBytes ORDER BY m.id
        """;

    public Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken) =>
        database.RunAsync(connection => FindModelAsync(connection, null, name, cancellationToken), cancellationToken);

    public async Task<ModelVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) =>
        await QueryVersionAsync(
            $"""
            SELECT {VersionRow.Columns} FROM model_version
            WHERE name = @name AND (version = @version OR (@version IS NULL AND state = 'serving'))
            ORDER BY version DESC LIMIT 1
            """,
            new { name, version },
            cancellationToken
        );

    public Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        QueryVersionAsync(
            $"""
            SELECT {VersionRow.Columns} FROM model_version
            WHERE name = @name
                AND version = (SELECT a.version FROM model_alias a WHERE a.model = @name AND a.alias = @alias)
            """,
            new { name, alias },
            cancellationToken
        );

    // Definitions are stored as they were sent, and their names may have any case.
    public Task<IReadOnlyList<ModelVersion>> ListEnsemblesAsync(string model, CancellationToken cancellationToken) =>
        QueryVersionsAsync(
            $"""
            SELECT {VersionRow.Columns} FROM model_version
            WHERE kind = 'ensemble' AND state <> 'retired' AND EXISTS (
                SELECT FROM json_array_elements(lower(definition::text)::json->'members') m
                WHERE lower(m->>'model') = lower(@model)
            )
            ORDER BY id
            """,
            new { model },
            cancellationToken
        );

    public async Task<Page<RegisteredModel>> ListModelsAsync(
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await QueryAsync<ModelRow>(
            ListModels,
            new
            {
                after = cursor.AfterId,
                limit = limit + 1,
                maxBytes = Page.MaxBytes,
            },
            cancellationToken
        );
        return Page.Create(
            [.. rows.Select(r => r.ToModel())],
            limit,
            m => Cursor.After(m.Id),
            m => StoredSize.Estimate(m)
        );
    }

    public async Task<Page<ModelVersion>> ListVersionsAsync(
        string? name,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var rows = await QueryAsync<VersionRow>(
            ListVersions,
            new
            {
                name,
                after = cursor.AfterId,
                limit = limit + 1,
                maxBytes = Page.MaxBytes,
            },
            cancellationToken
        );
        return Page.Create(
            [.. rows.Select(r => r.ToVersion())],
            limit,
            v => Cursor.After(v.Id),
            v => StoredSize.Estimate(v)
        );
    }

    public async Task<IReadOnlyList<LoadableVersion>> ListToLoadAsync(
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. await QueryAsync<LoadableVersion>(
                """
                SELECT id, name, version, revision, coalesce(artifact_bytes, 0) AS bytes FROM model_version
                WHERE state IN ('ready', 'serving') AND kind IN ('onnx', 'xgboost')
                ORDER BY updated_at DESC LIMIT @limit
                """,
                new { limit },
                cancellationToken
            ),
        ];

    public async Task<Page<AliasMove>> ListMovesAsync(
        string name,
        string alias,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var moves = await QueryAsync<AliasMoveRow>(
            $"""
            SELECT {AliasMoveRow.Columns} FROM model_alias_move
            WHERE model = @name AND alias = @alias AND (@isFirst OR id < @after)
            ORDER BY id DESC LIMIT @limit
            """,
            new
            {
                name,
                alias,
                isFirst = cursor.AfterId == default,
                after = cursor.AfterId,
                limit = limit + 1,
            },
            cancellationToken
        );
        return Page.Create([.. moves.Select(m => m.ToMove())], limit, m => Cursor.After(m.Id));
    }

    public async Task<IReadOnlyCollection<Guid>> FindArtifactsAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) =>
        [
            .. await QueryAsync<Guid>(
                "SELECT artifact_id FROM model_version WHERE artifact_id = ANY (@ids)",
                new { ids = ids.ToArray() },
                cancellationToken
            ),
        ];

    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (await QueryAsync<long>("SELECT count(*) FROM model", new { }, cancellationToken)).Single();

    public Task ChangeAsync(
        RegistryKey key,
        Func<RegistryState, RegistryChange?> decide,
        CancellationToken cancellationToken
    ) => database.RunAsync(connection => ChangeAsync(connection, key, decide, cancellationToken), cancellationToken);

    private async Task ChangeAsync(
        NpgsqlConnection connection,
        RegistryKey key,
        Func<RegistryState, RegistryChange?> decide,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A lock of the name, because a model that does not exist yet has no row to lock.
        await connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.serving.model ' || @Model, 0))",
                key,
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (decide(await LoadAsync(connection, transaction, key, cancellationToken)) is not { } change)
        {
            return;
        }

        await RegistryWriter.WriteAsync(transaction, change, cancellationToken);
        await PostgresAuditLog.AddAsync(transaction, change.Audit, cancellationToken);
        await outbox.CommitAsync(transaction, change.Events, cancellationToken);
    }

    private static async Task<RegistryState> LoadAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        RegistryKey key,
        CancellationToken cancellationToken
    )
    {
        var model = await FindModelAsync(connection, transaction, key.Model, cancellationToken);
        var alias = model?.Aliases.FirstOrDefault(a => a.Name == key.Alias);
        var current = await FindMoveAsync(alias?.MoveId);
        var previous = await FindMoveAsync(current?.PreviousId);
        var version = (key.Version ?? previous?.ToVersion) is { } number
            ? await connection.QueryFirstOrDefaultAsync<VersionRow>(
                new CommandDefinition(
                    $"""
                    SELECT {VersionRow.ColumnsWithoutDefinition} FROM model_version
                    WHERE name = @Model AND version = @number
                    """,
                    new { key.Model, number },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
            : null;
        return new(model, version?.ToVersion(), current, previous);

        async Task<AliasMove?> FindMoveAsync(Guid? id) =>
            id is null
                ? null
                : (
                    await connection.QueryFirstOrDefaultAsync<AliasMoveRow>(
                        new CommandDefinition(
                            $"SELECT {AliasMoveRow.Columns} FROM model_alias_move WHERE id = @id",
                            new { id },
                            transaction,
                            cancellationToken: cancellationToken
                        )
                    )
                )?.ToMove();
    }

    private static async Task<RegisteredModel?> FindModelAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryFirstOrDefaultAsync<ModelRow>(
                new CommandDefinition(
                    $"SELECT {ModelRow.Columns} FROM model m WHERE m.name = @name",
                    new { name },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        )?.ToModel();

    private async Task<ModelVersion?> QueryVersionAsync(
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) => await QueryVersionsAsync(sql, parameters, cancellationToken) is [var first, ..] ? first : null;

    private async Task<IReadOnlyList<ModelVersion>> QueryVersionsAsync(
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) => [.. (await QueryAsync<VersionRow>(sql, parameters, cancellationToken)).Select(r => r.ToVersion())];

    private Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.QueryAsync<T>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );
}
