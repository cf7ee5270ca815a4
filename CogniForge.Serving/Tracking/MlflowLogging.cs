namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's methods that log to a run.</summary>
internal static class MlflowLogging
{
    // The bounds of mlflow/utils/validation.py.
    private const int MaxMetrics = 1_000;
    private const int MaxParams = 100;
    private const int MaxEntities = 1_000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write<LogMetric>(
            "POST",
            "/runs/log-metric",
            "LogMetric",
            (m, call) =>
                LogAsync(m.RunId, m.RunUuid, [new(m.Key, m.Value, m.Timestamp, m.Step)], null, null, call)
        );
        routes.Write<LogTag>(
            "POST",
            "/runs/log-parameter",
            "LogParam",
            (m, call) => LogAsync(m.RunId, m.RunUuid, null, [new(m.Key, m.Value)], null, call)
        );
        routes.Write<LogTag>(
            "POST",
            "/runs/set-tag",
            "SetTag",
            (m, call) => LogAsync(m.RunId, m.RunUuid, null, null, [new(m.Key, m.Value)], call)
        );
        routes.Write<LogBatch>(
            "POST",
            "/runs/log-batch",
            "LogBatch",
            (m, call) => LogAsync(m.RunId, null, m.Metrics, m.Params, m.Tags, call)
        );
    }

    private static async Task<object> LogAsync(
        string? runId,
        string? runUuid,
        IReadOnlyList<MlflowMetric>? metrics,
        IReadOnlyList<MlflowTag>? parameters,
        IReadOnlyList<MlflowTag>? tags,
        MlflowCall call
    )
    {
        var run = await MlflowRuns.RequireActiveAsync(runId, runUuid, call);
        if (
            metrics?.Count > MaxMetrics
            || (metrics?.Count ?? 0) + (parameters?.Count ?? 0) + (tags?.Count ?? 0) > MaxEntities
        )
        {
            throw MlflowException.Invalid(
                $"A batch logging request can contain at most {MaxMetrics} metrics, {MaxParams} params, "
                    + $"{MaxParams} tags, and {MaxEntities} of all."
            );
        }

        var read = MlflowTags.ReadParameters(parameters);
        if (read.Count < (parameters?.Count ?? 0))
        {
            throw MlflowException.Invalid("Duplicate parameter keys have been submitted.");
        }

        var readTags = MlflowTags.ReadOfRun(tags);
        var name =
            readTags.GetValueOrDefault(MlflowRuns.NameTag) is { Length: > 0 } tag ? MlflowRuns.CheckName(tag) : null;
        var batch = new RunBatch([.. (metrics ?? []).Select(Read)], read, readTags);
        if (await call.Tracking.LogAsync(run.Id, batch, call.Aborted) is { } conflict)
        {
            throw MlflowException.Invalid(
                $"Changing param values is not allowed. Param with key='{conflict}' was already logged with another "
                    + $"value for run ID='{run.Id}'."
            );
        }

        if (name is not null)
        {
            await call.Tracking.UpdateRunAsync(run with { Name = name }, call.Aborted);
        }

        return new object();
    }

    private static TrackedMetric Read(MlflowMetric metric) =>
        new(
            MlflowTags.ReadNewKey(metric.Key),
            metric.Value ?? throw MlflowException.Invalid("Missing value for required parameter 'value'."),
            metric.Timestamp is >= 0
                ? metric.Timestamp.Value
                : throw MlflowException.Invalid("Missing value for required parameter 'timestamp'."),
            metric.Step
        );

    private sealed record LogMetric(
        string? RunId,
        string? RunUuid,
        string? Key,
        double? Value,
        long? Timestamp,
        long Step = 0
    );

    private sealed record LogTag(string? RunId, string? RunUuid, string? Key, string? Value);

    private sealed record LogBatch(
        string? RunId,
        IReadOnlyList<MlflowMetric>? Metrics,
        IReadOnlyList<MlflowTag>? Params,
        IReadOnlyList<MlflowTag>? Tags
    );
}
