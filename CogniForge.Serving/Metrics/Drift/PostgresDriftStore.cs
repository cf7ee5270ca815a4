using CogniForge.Messaging;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Metrics.Drift;

internal sealed class PostgresDriftStore(Database database, Outbox outbox, ServiceDescription service) : IDriftStore
{
    private const string Put = """
        INSERT INTO drift_reference (model, settings, columns, row_count, created_at)
        SELECT @Model, @settings::json, @columns::json, @Rows, @CreatedAt WHERE EXISTS (
            SELECT FROM model WHERE name = @Model
        )
        ON CONFLICT (model) DO UPDATE
        SET settings = excluded.settings, columns = excluded.columns, row_count = excluded.row_count,
            created_at = excluded.created_at
        """;

    private const string Find = """
        SELECT settings::text AS Settings, columns::text AS Columns, row_count AS RowCount, created_at AS CreatedAt
        FROM drift_reference WHERE model = @model
        """;

    private const string Insert = """
        INSERT INTO drift_evaluation (id, model, evaluated_at, is_drifted, result)
        VALUES (@Id, @Model, @EvaluatedAt, @IsDrifted, @result::json)
        """;

    private const string List = """
        SELECT result::text FROM drift_evaluation WHERE model = @model AND (@isFirst OR id < @after)
        ORDER BY id DESC LIMIT @limit
        """;

    private const string Delete = """
        DELETE FROM drift_evaluation
        WHERE id IN (SELECT id FROM drift_evaluation WHERE evaluated_at < @before LIMIT @limit)
        """;

    public Task PutReferenceAsync(DriftReference reference, CancellationToken cancellationToken) =>
        ExecuteAsync(
            Put,
            new
            {
                reference.Model,
                settings = RegistryJson.Write(reference.Settings),
                columns = RegistryJson.Write(reference.Columns),
                reference.Rows,
                reference.CreatedAt,
            },
            cancellationToken
        );

    public Task<DriftReference?> FindReferenceAsync(string model, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                var row = await connection.QueryFirstOrDefaultAsync<ReferenceRow>(
                    new CommandDefinition(Find, new { model }, cancellationToken: cancellationToken)
                );
                return row is null
                    ? null
                    : new DriftReference(
                        model,
                        RegistryJson.Read<DriftSettings>(row.Settings),
                        RegistryJson.Read<IReadOnlyList<ReferenceColumn>>(row.Columns),
                        row.RowCount,
                        row.CreatedAt
                    );
            },
            cancellationToken
        );

    public async Task<bool> DeleteReferenceAsync(string model, CancellationToken cancellationToken) =>
        await ExecuteAsync("DELETE FROM drift_reference WHERE model = @model", new { model }, cancellationToken) > 0;

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<string>>(
            async connection =>
                [
                    .. await connection.QueryAsync<string>(
                        new CommandDefinition(
                            "SELECT model FROM drift_reference ORDER BY model",
                            cancellationToken: cancellationToken
                        )
                    ),
                ],
            cancellationToken
        );

    public Task AddAsync(DriftEvaluation evaluation, CancellationToken cancellationToken) =>
        database.RunAsync(connection => AddAsync(connection, evaluation, cancellationToken), cancellationToken);

    public Task<Page<DriftEvaluation>> ListAsync(
        string model,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            async connection =>
            {
                var rows = await connection.QueryAsync<string>(
                    new CommandDefinition(
                        List,
                        new
                        {
                            model,
                            isFirst = cursor.AfterId == default,
                            after = cursor.AfterId,
                            limit = limit + 1,
                        },
                        cancellationToken: cancellationToken
                    )
                );
                return Page.Create(
                    [.. rows.Select(RegistryJson.Read<DriftEvaluation>)],
                    limit,
                    e => Cursor.After(e.Id)
                );
            },
            cancellationToken
        );

    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ExecuteAsync(Delete, new { before, limit }, cancellationToken);

    private async Task AddAsync(
        NpgsqlConnection connection,
        DriftEvaluation evaluation,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The lock makes evaluations at once, of two replicas, one after the other: a drift is detected once.
        var since = await connection.QuerySingleOrDefaultAsync<DateTime?>(
            new CommandDefinition(
                "SELECT created_at FROM drift_reference WHERE model = @Model FOR UPDATE",
                new { evaluation.Model },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (since is null)
        {
            return;
        }

        var wasDrifted = await connection.QueryFirstOrDefaultAsync<bool>(
            new CommandDefinition(
                """
                SELECT is_drifted FROM drift_evaluation WHERE model = @Model AND evaluated_at >= @since
                ORDER BY id DESC LIMIT 1
                """,
                new { evaluation.Model, since },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await connection.ExecuteAsync(
            new CommandDefinition(
                Insert,
                new
                {
                    evaluation.Id,
                    evaluation.Model,
                    evaluation.EvaluatedAt,
                    evaluation.IsDrifted,
                    result = RegistryJson.Write(evaluation),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        IReadOnlyCollection<CloudEvent> events =
            evaluation.IsDrifted && !wasDrifted ? [DriftDetected.CreateEvent(evaluation, service)] : [];
        await outbox.CommitAsync(transaction, events, cancellationToken);
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken
        );

    private sealed record ReferenceRow(string Settings, string Columns, int RowCount, DateTime CreatedAt);
}
