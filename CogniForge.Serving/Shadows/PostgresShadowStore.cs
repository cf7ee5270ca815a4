using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using CogniForge.Statistics.Latency;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Shadows;

internal sealed class PostgresShadowStore(Database database) : IShadowStore
{
    private const string Columns = """
        id, model, version, sample_rate AS "sampleRate", revision, created_at AS "createdAt", updated_at AS "updatedAt"
        """;

    private const string Upsert = """
        INSERT INTO shadow (id, model, version, sample_rate, revision, created_at, updated_at)
        VALUES (@Id, @Model, @Version, @SampleRate, @Revision, @CreatedAt, @UpdatedAt)
        ON CONFLICT (id) DO UPDATE SET sample_rate = excluded.sample_rate, revision = excluded.revision,
            updated_at = excluded.updated_at
        """;

    private const string Delete = """
        DELETE FROM shadow WHERE id = @Id;
        DELETE FROM shadow_comparison WHERE model = @Model AND version = @Version
        """;

    private const string Insert = """
        INSERT INTO shadow_comparison (id, model, version, primary_version, occurred_at, primary_ms, shadow_ms, error,
            dropped, outputs)
        SELECT id, model, version, primary_version, occurred_at, primary_ms, shadow_ms, error, dropped, outputs::json
        FROM unnest(@ids, @models, @versions, @primaries, @times, @primaryMs, @shadowMs, @errors, @dropped, @outputs)
            AS n (id, model, version, primary_version, occurred_at, primary_ms, shadow_ms, error, dropped, outputs)
        ON CONFLICT (id) DO NOTHING
        """;

    private const string Report = """
        SELECT count(*) AS requests, count(error) AS failed, coalesce(sum(dropped), 0)::bigint AS dropped,
            count(shadow_ms) AS timed, avg(primary_ms) AS "primaryMean", avg(shadow_ms) AS "shadowMean",
            percentile_cont(@quantiles) WITHIN GROUP (ORDER BY primary_ms) AS "primaryMs",
            percentile_cont(@quantiles) WITHIN GROUP (ORDER BY shadow_ms) AS "shadowMs"
        FROM shadow_comparison WHERE model = @Model AND version = @Version AND occurred_at >= @since
        """;

    private const string ReportOutputs = """
        SELECT o.name, sum(o.elements)::bigint AS elements,
            sum(o.agreeing)::double precision / sum(o.elements)::double precision AS agreement,
            sum(o."sumDifference") / sum(o.elements)::double precision AS "meanDifference",
            max(o."maxDifference") AS "maxDifference"
        FROM shadow_comparison c, json_to_recordset(c.outputs) AS o (name text, elements bigint, agreeing bigint,
            "sumDifference" double precision, "maxDifference" double precision)
        WHERE c.model = @Model AND c.version = @Version AND c.occurred_at >= @since
        GROUP BY o.name ORDER BY o.name COLLATE "C"
        """;

    // Those of a latency summary, from the minimum to the maximum.
    private static readonly double[] _quantiles = [0, 0.5, 0.9, 0.95, 0.99, 1];

    public Task<IReadOnlyList<Shadow>> ListAllAsync(CancellationToken cancellationToken) =>
        database.RunAsync(connection => ListAsync(connection, null, null, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Shadow>> ListAsync(string model, CancellationToken cancellationToken) =>
        database.RunAsync(connection => ListAsync(connection, null, model, cancellationToken), cancellationToken);

    public Task ChangeAsync(
        string model,
        Func<IReadOnlyList<Shadow>, ShadowChange?> decide,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(
                    "SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.serving.shadow ' || @model, 0))",
                    new { model }
                );
                if (decide(await ListAsync(connection, transaction, model, cancellationToken)) is not { } change)
                {
                    return;
                }

                if (change.Stored is { } stored)
                {
                    await ExecuteAsync(Upsert, stored);
                }
                else
                {
                    await ExecuteAsync(Delete, change.Deleted!);
                }

                await PostgresAuditLog.AddAsync(transaction, change.Audit, cancellationToken);
                await transaction.CommitAsync(cancellationToken);

                Task ExecuteAsync(string sql, object parameters) =>
                    connection.ExecuteAsync(
                        new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
                    );
            },
            cancellationToken
        );

    public Task AddAsync(IReadOnlyList<ShadowComparison> comparisons, CancellationToken cancellationToken) =>
        ExecuteAsync(
            Insert,
            new
            {
                ids = comparisons.Select(c => c.Id).ToArray(),
                models = comparisons.Select(c => c.Model).ToArray(),
                versions = comparisons.Select(c => c.Version).ToArray(),
                primaries = comparisons.Select(c => c.PrimaryVersion).ToArray(),
                times = comparisons.Select(c => c.OccurredAt.ToUniversalTime()).ToArray(),
                primaryMs = comparisons.Select(c => c.PrimaryMs).ToArray(),
                shadowMs = comparisons.Select(c => c.ShadowMs).ToArray(),
                errors = comparisons.Select(c => c.Error).ToArray(),
                dropped = comparisons.Select(c => c.Dropped).ToArray(),
                outputs = comparisons.Select(c => RegistryJson.Write(c.Outputs)).ToArray(),
            },
            cancellationToken
        );

    public Task<ShadowReport> ReportAsync(Shadow shadow, DateTimeOffset since, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                var parameters = new
                {
                    shadow.Model,
                    shadow.Version,
                    since = since.ToUniversalTime(),
                    quantiles = _quantiles,
                };
                var sums = await connection.QuerySingleAsync<ReportRow>(
                    new CommandDefinition(Report, parameters, cancellationToken: cancellationToken)
                );
                var outputs = await connection.QueryAsync<OutputReport>(
                    new CommandDefinition(ReportOutputs, parameters, cancellationToken: cancellationToken)
                );
                return new ShadowReport(
                    shadow.Model,
                    shadow.Version,
                    since,
                    sums.Requests,
                    sums.Failed,
                    sums.Dropped,
                    Summarize(sums.Requests, sums.PrimaryMean, sums.PrimaryMs),
                    Summarize(sums.Timed, sums.ShadowMean, sums.ShadowMs),
                    [.. outputs]
                );
            },
            cancellationToken
        );

    public Task DeleteAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "DELETE FROM shadow_comparison WHERE occurred_at < @before",
            new { before = before.ToUniversalTime() },
            cancellationToken
        );

    private static LatencySummary? Summarize(long count, double? mean, double[]? quantiles) =>
        quantiles is [var min, var p50, var p90, var p95, var p99, var max]
            ? new((int)count, mean!.Value, min, p50, p90, p95, p99, max)
            : null;

    private static async Task<IReadOnlyList<Shadow>> ListAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        string? model,
        CancellationToken cancellationToken
    ) =>
        [
            .. (
                await connection.QueryAsync<Row>(
                    new CommandDefinition(
                        $"""
                        SELECT {Columns} FROM shadow WHERE @model::text IS NULL OR model = @model
                        ORDER BY model, version
                        """,
                        new { model },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                )
            ).Select(r => r.ToShadow()),
        ];

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private sealed record Row(
        Guid Id,
        string Model,
        int Version,
        double SampleRate,
        Guid Revision,
        DateTime CreatedAt,
        DateTime UpdatedAt
    )
    {
        public Shadow ToShadow() => new(Id, Model, Version, SampleRate, Revision, CreatedAt, UpdatedAt);
    }

    private sealed class ReportRow
    {
        public long Requests { get; init; }

        public long Failed { get; init; }

        public long Dropped { get; init; }

        public long Timed { get; init; }

        public double? PrimaryMean { get; init; }

        public double? ShadowMean { get; init; }

        public double[]? PrimaryMs { get; init; }

        public double[]? ShadowMs { get; init; }
    }
}
