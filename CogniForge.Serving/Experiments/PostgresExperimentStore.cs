using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Experiments;

internal sealed class PostgresExperimentStore(Database database) : IExperimentStore
{
    private const string Upsert = """
        INSERT INTO experiment (id, name, model, settings, state, state_reason, promoted, revision, created_at,
            updated_at, started_at)
        VALUES (@Id, @Name, @Model, @settings::json, @state, @StateReason, @Promoted, @Revision, @CreatedAt,
            @UpdatedAt, @StartedAt)
        ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, state = excluded.state,
            state_reason = excluded.state_reason, promoted = excluded.promoted, revision = excluded.revision,
            updated_at = excluded.updated_at, started_at = excluded.started_at
        """;

    public Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.RunAsync(connection => FindAsync(connection, null, name, cancellationToken), cancellationToken);

    public async Task<Experiment?> FindRunningAsync(string model, CancellationToken cancellationToken) =>
        await QueryAsync(
            $"SELECT {ExperimentRow.Columns} FROM experiment WHERE model = @model AND state = 'running'",
            new { model },
            cancellationToken
        ) is [var running, ..]
            ? running
            : null;

    public async Task<Page<Experiment>> ListAsync(
        string? model,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Page.Create(
            await QueryAsync(
                $"""
                SELECT {ExperimentRow.Columns} FROM experiment
                WHERE (@model::text IS NULL OR model = @model) AND id > @after ORDER BY id LIMIT @limit
                """,
                new { model, after = cursor.AfterId, limit = limit + 1 },
                cancellationToken
            ),
            limit,
            e => Cursor.After(e.Id)
        );

    public Task<IReadOnlyList<Experiment>> ListRunningAsync(CancellationToken cancellationToken) =>
        QueryAsync(
            $"SELECT {ExperimentRow.Columns} FROM experiment WHERE state = 'running'",
            new { },
            cancellationToken
        );

    public Task<IReadOnlyList<Experiment>> ListOpenAsync(string model, CancellationToken cancellationToken) =>
        QueryAsync(
            $"SELECT {ExperimentRow.Columns} FROM experiment WHERE model = @model AND state <> 'stopped' ORDER BY id",
            new { model },
            cancellationToken
        );

    public Task ChangeAsync(
        string name,
        Func<Experiment?, ExperimentChange?> decide,
        CancellationToken cancellationToken
    ) => database.RunAsync(connection => ChangeAsync(connection, name, decide, cancellationToken), cancellationToken);

    private static async Task ChangeAsync(
        NpgsqlConnection connection,
        string name,
        Func<Experiment?, ExperimentChange?> decide,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A lock of the name, because an experiment that does not exist yet has no row to lock.
        await ExecuteAsync(
            "SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.serving.experiment ' || @name, 0))",
            new { name }
        );
        if (decide(await FindAsync(connection, transaction, name, cancellationToken)) is not { } change)
        {
            return;
        }

        if (change.Deleted is { } deleted)
        {
            await ExecuteAsync("DELETE FROM experiment WHERE id = @Id", new { deleted.Id });
        }

        if (change.Stored is { } e)
        {
            await StoreAsync(e);
        }

        if (change.Audit is { } entry)
        {
            await PostgresAuditLog.AddAsync(transaction, entry, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);

        async Task StoreAsync(Experiment e)
        {
            try
            {
                await ExecuteAsync(
                    Upsert,
                    new
                    {
                        e.Id,
                        e.Name,
                        e.Model,
                        settings = RegistryJson.Write(e.Settings),
                        state = ExperimentRow.Write(e.State),
                        e.StateReason,
                        e.Promoted,
                        e.Revision,
                        e.CreatedAt,
                        e.UpdatedAt,
                        e.StartedAt,
                    }
                );
            }
            catch (PostgresException error) when (error.ConstraintName == "experiment_running")
            {
                throw ExperimentErrors.AnotherRuns(e.Model);
            }
        }

        Task ExecuteAsync(string sql, object parameters) =>
            connection.ExecuteAsync(
                new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
            );
    }

    private static async Task<Experiment?> FindAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryFirstOrDefaultAsync<ExperimentRow>(
                new CommandDefinition(
                    $"SELECT {ExperimentRow.Columns} FROM experiment WHERE name = @name",
                    new { name },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        )?.ToExperiment();

    private async Task<IReadOnlyList<Experiment>> QueryAsync(
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await database.RunAsync(
                    connection =>
                        connection.QueryAsync<ExperimentRow>(
                            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                        ),
                    cancellationToken
                )
            ).Select(row => row.ToExperiment()),
        ];
}
