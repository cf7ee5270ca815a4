using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Metrics.Usage;
using CogniForge.Serving.Models;
using Dapper;

namespace CogniForge.Serving.Metrics.Predictions;

internal sealed class PostgresPredictionStore(Database database) : IPredictionStore
{
    // The join drops rows of models that were deleted meanwhile.
    private const string InsertPredictions = """
        INSERT INTO prediction (id, model, version, source, request_id, row_number, occurred_at, features, class,
            scores, number, text, latency_ms, input_tokens, output_tokens, log_probability, groups)
        SELECT p.id, p.model, p.version, p.source, p.request_id, p.row_number, p.occurred_at, p.features::json,
            p.class, p.scores::json, p.number, p.text, p.latency, p.input, p.output, p.likelihood, p.groups::json
        FROM unnest(@ids, @models, @versions, @sources, @requests, @rows, @times, @features, @classes, @scores,
            @numbers, @texts, @latencies, @inputs, @outputs, @likelihoods, @groups)
            AS p (id, model, version, source, request_id, row_number, occurred_at, features, class, scores, number,
                text, latency, input, output, likelihood, groups)
        JOIN model m ON m.name = p.model
        ON CONFLICT DO NOTHING
        """;

    private const string UpsertTruths = """
        INSERT INTO ground_truth (model, source, request_id, row_number, recorded_at, class, number, text, groups)
        SELECT t.model, t.source, t.request_id, t.row_number, t.recorded_at, t.class, t.number, t.text, t.groups::json
        FROM unnest(@models, @sources, @requests, @rows, @times, @classes, @numbers, @texts, @groups)
            AS t (model, source, request_id, row_number, recorded_at, class, number, text, groups)
        JOIN model m ON m.name = t.model
        ON CONFLICT (model, source, request_id, row_number) DO UPDATE
        SET recorded_at = excluded.recorded_at, class = excluded.class, number = excluded.number,
            text = excluded.text, groups = coalesce(excluded.groups, ground_truth.groups)
        """;

    private const string InWindow = """
        p.model = @Model AND p.occurred_at >= @From AND p.occurred_at < @To
            AND (@Version IS NULL OR p.version = @Version)
        """;

    private const string SelectJoined = $"""
        SELECT {PredictionRow.Columns}, coalesce(t.groups, p.groups)::text AS Groups, t.class AS ActualClass,
            t.number AS ActualNumber, t.text AS ActualText
        FROM prediction p LEFT JOIN ground_truth t USING (model, source, request_id, row_number)
        WHERE {InWindow}
        """;

    private const string NewestFirst = "ORDER BY p.occurred_at DESC, p.id DESC LIMIT @limit";

    private const string SelectEvaluable =
        $"{SelectJoined} AND (t.model IS NOT NULL OR p.log_probability IS NOT NULL) {NewestFirst}";

    private const string SelectGrouped =
        $"{SelectJoined} AND p.class IS NOT NULL AND coalesce(t.groups, p.groups) IS NOT NULL {NewestFirst}";

    private const string SelectFeatures = $"""
        SELECT {PredictionRow.Columns}, p.features::text AS Features FROM prediction p
        WHERE {InWindow} {NewestFirst}
        """;

    // Inferences served here are all in the table of inferences, of which predictions are a sample.
    private const string SelectUsage = $"""
        WITH request AS (
            SELECT p.version, p.rows::bigint AS rows, 0::bigint AS tokens, p.duration_ms AS ms
            FROM inference p WHERE {InWindow}
            UNION ALL
            SELECT p.version, 1, coalesce(p.input_tokens, 0) + coalesce(p.output_tokens, 0), p.latency_ms
            FROM prediction p WHERE p.source <> '' AND {InWindow}
        )
        SELECT version, count(*) AS Requests, sum(rows)::bigint AS Rows, sum(tokens)::bigint AS Tokens,
            count(ms) AS Timed, avg(ms) AS Mean, min(ms) AS Min, max(ms) AS Max,
            percentile_cont(ARRAY[0.5, 0.9, 0.95, 0.99]) WITHIN GROUP (ORDER BY ms) AS Percentiles
        FROM request GROUP BY version ORDER BY version
        """;

    private const string Delete = """
        WITH old_prediction AS (
            DELETE FROM prediction
            WHERE id IN (SELECT id FROM prediction WHERE occurred_at < @before LIMIT @limit) RETURNING 1
        ), old_truth AS (
            DELETE FROM ground_truth
            WHERE ctid IN (SELECT ctid FROM ground_truth WHERE recorded_at < @before LIMIT @limit) RETURNING 1
        )
        SELECT (SELECT count(*) FROM old_prediction)::int + (SELECT count(*) FROM old_truth)::int
        """;

    public Task<int> AddAsync(IReadOnlyList<Prediction> predictions, CancellationToken cancellationToken)
    {
        // Within a statement, the join decides which duplicate is the first.
        predictions = [.. predictions.DistinctBy(p => p.Key)];
        return ExecuteAsync(
            InsertPredictions,
            new
            {
                ids = predictions.Select(p => p.Id).ToArray(),
                models = predictions.Select(p => p.Key.Model).ToArray(),
                versions = predictions.Select(p => p.Version).ToArray(),
                sources = predictions.Select(p => p.Key.Source).ToArray(),
                requests = predictions.Select(p => p.Key.RequestId).ToArray(),
                rows = predictions.Select(p => p.Key.Row).ToArray(),
                times = predictions.Select(p => p.OccurredAt).ToArray(),
                features = predictions.Select(p => p.Features).ToArray(),
                classes = predictions.Select(p => p.Output.Class).ToArray(),
                scores = predictions.Select(p => Write(p.Output.Scores)).ToArray(),
                numbers = predictions.Select(p => p.Output.Number).ToArray(),
                texts = predictions.Select(p => p.Output.Text).ToArray(),
                latencies = predictions.Select(p => p.LatencyMs).ToArray(),
                inputs = predictions.Select(p => p.InputTokens).ToArray(),
                outputs = predictions.Select(p => p.OutputTokens).ToArray(),
                likelihoods = predictions.Select(p => p.LogProbability).ToArray(),
                groups = predictions.Select(p => Write(p.Groups)).ToArray(),
            },
            cancellationToken
        );
    }

    public Task AddAsync(IReadOnlyList<GroundTruth> truths, CancellationToken cancellationToken)
    {
        // One statement cannot update a row twice. The order of keys prevents deadlocks between batches.
        var last = truths
            .GroupBy(t => t.Key)
            .Select(g => g.Last())
            .OrderBy(t => t.Key.RequestId, StringComparer.Ordinal)
            .ThenBy(t => t.Key.Row)
            .ToList();
        return ExecuteAsync(
            UpsertTruths,
            new
            {
                models = last.Select(t => t.Key.Model).ToArray(),
                sources = last.Select(t => t.Key.Source).ToArray(),
                requests = last.Select(t => t.Key.RequestId).ToArray(),
                rows = last.Select(t => t.Key.Row).ToArray(),
                times = last.Select(t => t.RecordedAt).ToArray(),
                classes = last.Select(t => t.Actual.Class).ToArray(),
                numbers = last.Select(t => t.Actual.Number).ToArray(),
                texts = last.Select(t => t.Actual.Text).ToArray(),
                groups = last.Select(t => Write(t.Groups)).ToArray(),
            },
            cancellationToken
        );
    }

    public Task<IReadOnlyList<Prediction>> ReadEvaluableAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => ReadAsync(SelectEvaluable, window, limit, cancellationToken);

    public Task<IReadOnlyList<Prediction>> ReadGroupedAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => ReadAsync(SelectGrouped, window, limit, cancellationToken);

    public Task<IReadOnlyList<Prediction>> ReadFeaturesAsync(
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) => ReadAsync(SelectFeatures, window, limit, cancellationToken);

    public Task<IReadOnlyList<VersionUsage>> ReadUsageAsync(
        MetricsWindow window,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync<IReadOnlyList<VersionUsage>>(
            async connection =>
                [
                    .. (
                        await connection.QueryAsync<UsageRow>(
                            new CommandDefinition(SelectUsage, window, cancellationToken: cancellationToken)
                        )
                    ).Select(r => r.ToUsage()),
                ],
            cancellationToken
        );

    public Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<int>(
                    new CommandDefinition(Delete, new { before, limit }, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private static string? Write<T>(IReadOnlyDictionary<string, T>? values) =>
        values is null ? null : RegistryJson.Write(values);

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken
        );

    private Task<IReadOnlyList<Prediction>> ReadAsync(
        string sql,
        MetricsWindow window,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync<IReadOnlyList<Prediction>>(
            async connection =>
            {
                var rows = await connection.QueryAsync<PredictionRow>(
                    new CommandDefinition(
                        sql,
                        new
                        {
                            window.Model,
                            window.Version,
                            window.From,
                            window.To,
                            limit,
                        },
                        cancellationToken: cancellationToken
                    )
                );
                return [.. rows.Select(r => r.ToPrediction())];
            },
            cancellationToken
        );
}
