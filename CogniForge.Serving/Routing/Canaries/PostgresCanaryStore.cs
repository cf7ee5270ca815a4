using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Serving.Routing.Canaries;

internal sealed class PostgresCanaryStore(Database database, TimeProvider time) : ICanaryStore
{
    private const string Add = """
        INSERT INTO canary_traffic AS t (step_id, is_canary, requests, failures, latencies, updated_at)
        VALUES (@stepId, @isCanary, @Requests, @Failures, @Latencies, @now)
        ON CONFLICT (step_id, is_canary) DO UPDATE SET requests = t.requests + excluded.requests,
            failures = t.failures + excluded.failures,
            latencies = (
                SELECT array_agg(b.stored + b.added ORDER BY b.number)
                FROM unnest(t.latencies, excluded.latencies) WITH ORDINALITY AS b (stored, added, number)
            ),
            updated_at = excluded.updated_at
        """;

    public Task AddAsync(Guid stepId, bool isCanary, CanaryCounts counts, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        Add,
                        new
                        {
                            stepId,
                            isCanary,
                            counts.Requests,
                            counts.Failures,
                            counts.Latencies,
                            now = time.GetUtcNow(),
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    public async Task<(CanaryCounts Stable, CanaryCounts Canary)> ReadAsync(
        Guid stepId,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.RunAsync(
            connection =>
                connection.QueryAsync<Row>(
                    new CommandDefinition(
                        """
                        SELECT is_canary AS IsCanary, requests, failures, latencies FROM canary_traffic
                        WHERE step_id = @stepId
                        """,
                        new { stepId },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );
        var counts = rows.ToDictionary(r => r.IsCanary, r => new CanaryCounts(r.Requests, r.Failures, r.Latencies));
        return (
            counts.GetValueOrDefault(false, CanaryCounts.None),
            counts.GetValueOrDefault(true, CanaryCounts.None)
        );
    }

    public Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        "DELETE FROM canary_traffic WHERE updated_at < @before",
                        new { before },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    // With properties, because Dapper finds no constructor that takes an array.
    private sealed record Row
    {
        public bool IsCanary { get; init; }
        public long Requests { get; init; }
        public long Failures { get; init; }
        public long[] Latencies { get; init; } = [];
    }
}
