using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Serving.Inference;

internal sealed class PostgresInferenceStore(Database database) : IInferenceStore
{
    private const string Insert = """
        INSERT INTO inference (id, occurred_at, model, version, rows, duration_ms, trace_parent)
        SELECT * FROM unnest(@ids, @times, @models, @versions, @rows, @durations, @traces)
        ON CONFLICT (id) DO NOTHING
        """;

    public Task AddAsync(IReadOnlyList<InferenceRecord> records, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        Insert,
                        new
                        {
                            ids = records.Select(r => r.Id).ToArray(),
                            times = records.Select(r => r.OccurredAt).ToArray(),
                            models = records.Select(r => r.Model).ToArray(),
                            versions = records.Select(r => r.Version).ToArray(),
                            rows = records.Select(r => r.Rows).ToArray(),
                            durations = records.Select(r => r.DurationMs).ToArray(),
                            traces = records.Select(r => r.TraceParent).ToArray(),
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    new CommandDefinition("SELECT count(*) FROM inference", cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        """
                        DELETE FROM inference
                        WHERE id IN (SELECT id FROM inference WHERE occurred_at < @before LIMIT @limit)
                        """,
                        new { before, limit },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
}
