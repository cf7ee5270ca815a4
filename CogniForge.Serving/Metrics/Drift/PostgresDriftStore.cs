using CogniForge.Messaging;
using CogniForge.Messaging.TransactionalOutbox;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Audit;
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
        VALUES (@Model, @settings::json, @columns::json, @Rows, @CreatedAt)
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

    public Task ChangeReferenceAsync(
        string model,
        Func<DriftReference?, DriftReferenceChange?> decide,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection => ChangeReferenceAsync(connection, model, decide, cancellationToken),
            cancellationToken
        );

    public Task<DriftReference?> FindReferenceAsync(string model, CancellationToken cancellationToken) =>
        database.RunAsync(connection => FindAsync(connection, null, model, cancellationToken), cancellationToken);

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

    private static async Task ChangeReferenceAsync(
        NpgsqlConnection connection,
        string model,
        Func<DriftReference?, DriftReferenceChange?> decide,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Serializes the changes of a model's reference, and keeps the model from being deleted meanwhile. A stronger
        // lock would make evaluations, whose rows refer to the model, wait for it while they hold the reference.
        var found = await connection.QueryFirstOrDefaultAsync<string>(
            new CommandDefinition(
                "SELECT name FROM model WHERE name = @model FOR NO KEY UPDATE",
                new { model },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (found is null)
        {
            throw RegistryException.UnknownModel(model);
        }

        if (decide(await FindAsync(connection, transaction, model, cancellationToken)) is not { } change)
        {
            return;
        }

        await connection.ExecuteAsync(
            change.Reference is { } reference
                ? new CommandDefinition(
                    Put,
                    new
                    {
                        reference.Model,
                        settings = RegistryJson.Write(reference.Settings),
                        columns = RegistryJson.Write(reference.Columns),
                        reference.Rows,
                        reference.CreatedAt,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
                : new CommandDefinition(
                    "DELETE FROM drift_reference WHERE model = @model",
                    new { model },
                    transaction,
                    cancellationToken: cancellationToken
                )
        );
        await PostgresAuditLog.AddAsync(transaction, change.Audit, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<DriftReference?> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string model,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryFirstOrDefaultAsync<ReferenceRow>(
                new CommandDefinition(Find, new { model }, transaction, cancellationToken: cancellationToken)
            )
        )?.ToReference(model);

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
                SELECT is_drifted FROM drift_evaluation
                WHERE model = @Model AND evaluated_at >= @since AND result->>'isDrifted' IS NOT NULL
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
                    IsDrifted = evaluation.IsDrifted == true,
                    result = RegistryJson.Write(evaluation),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        IReadOnlyCollection<CloudEvent> events =
            evaluation.IsDrifted == true && !wasDrifted ? [DriftDetected.CreateEvent(evaluation, service)] : [];
        await outbox.CommitAsync(transaction, events, cancellationToken);
    }

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken
        );

    private sealed record ReferenceRow(string Settings, string Columns, int RowCount, DateTime CreatedAt)
    {
        public DriftReference ToReference(string model) =>
            new(
                model,
                RegistryJson.Read<DriftSettings>(Settings),
                RegistryJson.Read<IReadOnlyList<ReferenceColumn>>(Columns),
                RowCount,
                CreatedAt
            );
    }
}
