using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;
using Dapper;
using Npgsql;

namespace CogniForge.Serving.Experiments;

internal sealed class PostgresExperimentData(Database database) : IExperimentData
{
    // The join leaves out exposures of experiments that were deleted meanwhile.
    private const string InsertExposures = """
        INSERT INTO experiment_exposure (experiment_id, unit_id, variant, covariates, exposed_at)
        SELECT n.experiment_id, n.unit_id, n.variant, n.covariates::json, n.exposed_at
        FROM unnest(@experiments, @units, @variants, @covariates, @times)
            AS n (experiment_id, unit_id, variant, covariates, exposed_at)
        JOIN experiment e ON e.id = n.experiment_id
        ON CONFLICT (experiment_id, unit_id) DO UPDATE SET is_mixed = true
            WHERE experiment_exposure.variant <> excluded.variant AND NOT experiment_exposure.is_mixed
        """;

    private const string InsertRequests = """
        INSERT INTO experiment_request (experiment_id, request_id, unit_id)
        SELECT n.experiment_id, n.request_id, n.unit_id
        FROM unnest(@experiments, @requests, @units) AS n (experiment_id, request_id, unit_id)
        JOIN experiment e ON e.id = n.experiment_id
        WHERE n.request_id IS NOT NULL
        ON CONFLICT (experiment_id, request_id) DO NOTHING
        """;

    private const string InsertOutcomes = """
        INSERT INTO experiment_outcome (experiment_id, id, metric, value, unit_id, request_id, received_at)
        SELECT @experimentId, * , @now FROM unnest(@ids, @metrics, @values, @units, @requests)
        ON CONFLICT (experiment_id, id) DO NOTHING
        """;

    private const string CountUnits = """
        SELECT variant, is_mixed AS "isMixed", count(*) AS units FROM experiment_exposure
        WHERE experiment_id = @Id GROUP BY variant, is_mixed
        """;

    // A unit without a covariate gets the mean of the others, which changes no comparison.
    private const string SumUp = """
        WITH outcome AS (
            SELECT coalesce(o.unit_id, r.unit_id) AS unit_id, o.metric, sum(o.value) AS total, max(o.value) AS highest,
                avg(o.value) AS mean
            FROM experiment_outcome o LEFT JOIN experiment_request r USING (experiment_id, request_id)
            WHERE o.experiment_id = @Id GROUP BY 1, 2
        ), metric AS (
            SELECT * FROM unnest(@metrics, @aggregations) AS m (name, aggregation)
        ), value AS (
            SELECT e.variant, m.name AS metric, (e.covariates ->> m.name)::double precision AS x, CASE m.aggregation
                WHEN 'any' THEN (coalesce(o.highest, 0) > 0)::int
                WHEN 'sum' THEN coalesce(o.total, 0) ELSE o.mean END::double precision AS y
            FROM experiment_exposure e CROSS JOIN metric m
            LEFT JOIN outcome o ON o.unit_id = e.unit_id AND o.metric = m.name
            WHERE e.experiment_id = @Id AND NOT e.is_mixed AND (m.aggregation <> 'mean' OR o.mean IS NOT NULL)
        ), filled AS (
            SELECT variant, metric, y, coalesce(x, avg(x) OVER (PARTITION BY metric)) AS x FROM value
        )
        SELECT variant, metric, count(*) AS count, avg(y) AS mean, var_samp(y) AS variance,
            avg(x) AS "covariateMean", var_samp(x) AS "covariateVariance", covar_samp(y, x) AS covariance
        FROM filled GROUP BY variant, metric
        """;

    private const string DeleteEnded = """
        WITH ended AS (
            SELECT id FROM experiment WHERE state = 'stopped' AND updated_at < @endedBefore
        ), exposure AS (
            DELETE FROM experiment_exposure WHERE ctid IN (
                SELECT x.ctid FROM experiment_exposure x JOIN ended ON ended.id = x.experiment_id LIMIT @limit
            ) RETURNING 1
        ), request AS (
            DELETE FROM experiment_request WHERE ctid IN (
                SELECT x.ctid FROM experiment_request x JOIN ended ON ended.id = x.experiment_id LIMIT @limit
            ) RETURNING 1
        ), outcome AS (
            DELETE FROM experiment_outcome WHERE ctid IN (
                SELECT x.ctid FROM experiment_outcome x JOIN ended ON ended.id = x.experiment_id LIMIT @limit
            ) RETURNING 1
        )
        SELECT ((SELECT count(*) FROM exposure) + (SELECT count(*) FROM request) + (SELECT count(*) FROM outcome))::int
        """;

    public Task AddExposuresAsync(IReadOnlyList<Exposure> exposures, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

                // One statement may touch a unit once, so a unit's second variant goes into a second statement.
                var byUnit = exposures
                    .DistinctBy(e => (e.ExperimentId, e.UnitId, e.Variant))
                    .GroupBy(e => (e.ExperimentId, e.UnitId))
                    .SelectMany(unit => unit.Take(2).Index())
                    .ToLookup(e => e.Index, e => e.Item);
                foreach (var batch in byUnit.OrderBy(b => b.Key))
                {
                    await ExecuteAsync(transaction, InsertExposures, [.. batch], cancellationToken);
                }

                await ExecuteAsync(transaction, InsertRequests, exposures, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            },
            cancellationToken
        );

    public Task<int> AddOutcomesAsync(
        Guid experimentId,
        IReadOnlyList<Outcome> outcomes,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(
                    new CommandDefinition(
                        InsertOutcomes,
                        new
                        {
                            experimentId,
                            ids = outcomes.Select(o => o.Id).ToArray(),
                            metrics = outcomes.Select(o => o.Metric).ToArray(),
                            values = outcomes.Select(o => o.Value!.Value).ToArray(),
                            units = outcomes.Select(o => o.UnitId).ToArray(),
                            requests = outcomes.Select(o => o.RequestId).ToArray(),
                            now,
                        },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    public Task<ExperimentSummary> SummarizeAsync(Experiment experiment, CancellationToken cancellationToken) =>
        database.RunAsync(
            async connection =>
            {
                var units = (
                    await connection.QueryAsync<UnitsRow>(
                        new CommandDefinition(CountUnits, new { experiment.Id }, cancellationToken: cancellationToken)
                    )
                ).ToList();
                var metrics = experiment.Settings.GetMetrics().ToList();
                var summaries = await connection.QueryAsync<MetricSummary>(
                    new CommandDefinition(
                        SumUp,
                        new
                        {
                            experiment.Id,
                            metrics = metrics.Select(m => m.Name).ToArray(),
                            aggregations = metrics
                                .Select(m =>
                                    m.Kind == MetricKind.Binary ? "any"
                                    : m.Aggregation == MetricAggregation.Sum ? "sum"
                                    : "mean"
                                )
                                .ToArray(),
                        },
                        cancellationToken: cancellationToken
                    )
                );
                return new ExperimentSummary(
                    [.. units.Where(u => !u.IsMixed).Select(u => new VariantUnits(u.Variant, u.Units))],
                    units.Where(u => u.IsMixed).Sum(u => u.Units),
                    [.. summaries]
                );
            },
            cancellationToken
        );

    public Task<int> DeleteAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<int>(
                    new CommandDefinition(
                        DeleteEnded,
                        new { endedBefore, limit },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction,
        string sql,
        IReadOnlyList<Exposure> exposures,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                sql,
                new
                {
                    experiments = exposures.Select(e => e.ExperimentId).ToArray(),
                    units = exposures.Select(e => e.UnitId).ToArray(),
                    variants = exposures.Select(e => e.Variant).ToArray(),
                    requests = exposures.Select(e => e.RequestId).ToArray(),
                    covariates = exposures
                        .Select(e => e.Covariates is null ? null : RegistryJson.Write(e.Covariates))
                        .ToArray(),
                    times = exposures.Select(e => e.OccurredAt.ToUniversalTime()).ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );

    private sealed record UnitsRow(string Variant, bool IsMixed, long Units);
}
