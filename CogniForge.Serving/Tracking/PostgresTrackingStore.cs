using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Tracking;

internal sealed class PostgresTrackingStore(Database database, TimeProvider time) : ITrackingStore
{
    public Task<long?> AddExperimentAsync(
        string name,
        string? artifactLocation,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken
    ) =>
        ExecuteScalarAsync<long?>(
            """
            WITH next AS (SELECT nextval(pg_get_serial_sequence('tracking_experiment', 'id')) AS id)
            INSERT INTO tracking_experiment (id, name, artifact_location, tags, created_at, updated_at)
            SELECT id, @name, coalesce(@artifactLocation, 'mlflow-artifacts:/' || id), @tags::json, @now, @now
            FROM next
            ON CONFLICT (name) DO NOTHING RETURNING id
            """,
            new
            {
                name,
                artifactLocation,
                tags = RegistryJson.Write(tags),
                now = time.GetUtcNow(),
            },
            cancellationToken
        );

    public async Task<TrackedExperiment?> FindExperimentAsync(long id, CancellationToken cancellationToken) =>
        (
            await QueryAsync<TrackingExperimentRow>(
                $"{TrackingExperimentRow.Select} WHERE id = @id",
                new { id },
                cancellationToken
            )
        )
            .FirstOrDefault()
            ?.ToExperiment();

    public async Task<TrackedExperiment?> FindExperimentAsync(string name, CancellationToken cancellationToken) =>
        (
            await QueryAsync<TrackingExperimentRow>(
                $"{TrackingExperimentRow.Select} WHERE name = @name",
                new { name },
                cancellationToken
            )
        )
            .FirstOrDefault()
            ?.ToExperiment();

    public async Task<IReadOnlyList<TrackedExperiment>> ListExperimentsAsync(
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await QueryAsync<TrackingExperimentRow>(
                    $"{TrackingExperimentRow.Select} ORDER BY id DESC LIMIT @limit",
                    new { limit },
                    cancellationToken
                )
            ).Select(e => e.ToExperiment()),
        ];

    public async Task<bool> UpdateExperimentAsync(TrackedExperiment experiment, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteScalarAsync<long?>(
                """
                UPDATE tracking_experiment
                SET name = @Name, is_deleted = @IsDeleted, tags = @tags::json, updated_at = @now WHERE id = @Id
                """,
                new
                {
                    experiment.Id,
                    experiment.Name,
                    experiment.IsDeleted,
                    tags = RegistryJson.Write(experiment.Tags),
                    now = time.GetUtcNow(),
                },
                cancellationToken
            );
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public Task AddRunAsync(TrackedRun run, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        INSERT INTO tracking_run
                            (id, experiment_id, name, user_id, status, start_time, end_time, artifact_uri)
                        VALUES (@Id, @ExperimentId, @Name, @UserId, @Status, @StartTime, @EndTime, @ArtifactUri)
                        """,
                        run,
                        transaction,
                        cancellationToken: cancellationToken
                    )
                );
                await RunBatchWriter.WriteTagsAsync(transaction, run.Id, run.Tags, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken
        );

    public async Task<TrackedRun?> FindRunAsync(string id, CancellationToken cancellationToken) =>
        (
            await QueryAsync<TrackingRunRow>(
                $"{TrackingRunRow.Select} WHERE r.id = @id",
                new { id },
                cancellationToken
            )
        )
            .FirstOrDefault()
            ?.ToRun();

    public Task UpdateRunAsync(TrackedRun run, CancellationToken cancellationToken) =>
        ExecuteScalarAsync<long?>(
            """
            UPDATE tracking_run SET name = @Name, status = @Status, end_time = @EndTime, is_deleted = @IsDeleted
            WHERE id = @Id
            """,
            run,
            cancellationToken
        );

    public Task<string?> LogAsync(string runId, RunBatch batch, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var conflict = await RunBatchWriter.WriteAsync(transaction, runId, batch, cancellationToken);
                if (conflict is null)
                {
                    await transaction.CommitAsync(cancellationToken);
                }

                return conflict;
            },
            cancellationToken
        );

    public async Task<bool> DeleteTagAsync(string runId, string key, CancellationToken cancellationToken) =>
        await ExecuteScalarAsync<string?>(
            "DELETE FROM tracking_tag WHERE run_id = @runId AND key = @key RETURNING key",
            new { runId, key },
            cancellationToken
        )
            is not null;

    public async Task<IReadOnlyList<TrackedRun>> ListRunsAsync(
        IReadOnlyCollection<long> experimentIds,
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await QueryAsync<TrackingRunRow>(
                    $"""
                    {TrackingRunRow.Select} WHERE r.experiment_id = ANY (@ids)
                    ORDER BY r.start_time DESC, r.id COLLATE "C" LIMIT @limit
                    """,
                    new { ids = experimentIds.ToArray(), limit },
                    cancellationToken
                )
            ).Select(r => r.ToRun()),
        ];

    public async Task<IReadOnlyList<TrackedMetric>> ListMetricAsync(
        string runId,
        string key,
        int skip,
        int limit,
        CancellationToken cancellationToken
    ) =>
        [
            .. await QueryAsync<TrackedMetric>(
                """
                SELECT key, value, timestamp, step FROM tracking_metric WHERE run_id = @runId AND key = @key
                ORDER BY id OFFSET @skip LIMIT @limit
                """,
                new
                {
                    runId,
                    key,
                    skip,
                    limit,
                },
                cancellationToken
            ),
        ];

    private Task<T?> ExecuteScalarAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<T>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private Task<IEnumerable<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.QueryAsync<T>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );
}
