using CogniForge.ServiceDefaults;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's methods for runs and their metrics.</summary>
internal static class MlflowRuns
{
    /// <summary>The tag with the name of a run.</summary>
    public const string NameTag = "mlflow.runName";
    private const int MaxText = 250;
    private const long MaxResults = 50_000;
    private const int MaxHistory = 25_000;
    private static readonly string[] _statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    public static void Map(MlflowRoutes routes)
    {
        routes.Write<Create>("POST", "/runs/create", "CreateRun", CreateAsync);
        routes.Read<Id>("GET", "/runs/get", "GetRun", GetAsync);
        routes.Write<Update>("POST", "/runs/update", "UpdateRun", UpdateAsync);
        routes.Write<Id>("POST", "/runs/delete", "DeleteRun", (m, call) => MarkAsync(m, isDeleted: true, call));
        routes.Write<Id>("POST", "/runs/restore", "RestoreRun", (m, call) => MarkAsync(m, isDeleted: false, call));
        routes.Write<DeleteTag>("POST", "/runs/delete-tag", "DeleteTag", DeleteTagAsync);
        routes.Read<Search>("POST", "/runs/search", "SearchRuns", SearchAsync);
        routes.Read<History>("GET", "/metrics/get-history", "GetMetricHistory", GetHistoryAsync);
        MlflowLogging.Map(routes);
    }

    /// <summary>Finds a run by <c>run_id</c>, or <c>run_uuid</c> of old clients.</summary>
    /// <exception cref="MlflowException">It does not exist.</exception>
    public static async Task<TrackedRun> RequireAsync(string? runId, string? runUuid, MlflowCall call)
    {
        var id = MlflowCall.Require(string.IsNullOrEmpty(runId) ? runUuid : runId, "run_id");
        return (id.Contains('\0', StringComparison.Ordinal) ? null : await call.Tracking.FindRunAsync(id, call.Aborted))
            ?? throw MlflowException.NotFound($"Run with id={id} not found");
    }

    /// <summary>Finds a run that may be changed.</summary>
    /// <exception cref="MlflowException">It does not exist, or is deleted.</exception>
    public static async Task<TrackedRun> RequireActiveAsync(string? runId, string? runUuid, MlflowCall call)
    {
        var run = await RequireAsync(runId, runUuid, call);
        return run.IsDeleted
            ? throw MlflowException.Invalid(
                $"The run {run.Id} must be in the 'active' state. Current state is deleted."
            )
            : run;
    }

    private static async Task<object> CreateAsync(Create message, MlflowCall call)
    {
        var experiment = await MlflowExperiments.RequireAsync(message.ExperimentId ?? "0", call);
        if (experiment.IsDeleted)
        {
            throw MlflowException.Invalid(
                $"The experiment {experiment.Id} must be in the 'active' state. Current state is deleted."
            );
        }

        var tags = new Dictionary<string, string>(MlflowTags.ReadOfRun(message.Tags));
        var id = OrderedId.Create(call.Now).ToString("n");
        var name = string.IsNullOrEmpty(message.RunName)
            ? tags.GetValueOrDefault(NameTag) is { Length: > 0 } tagged ? tagged : $"run-{id[^8..]}"
            : CheckName(message.RunName);
        tags[NameTag] = name;
        await call.Tracking.AddRunAsync(
            new(
                id,
                experiment.Id,
                name,
                MlflowTags.Check("user_id", message.UserId ?? "", MaxText),
                "RUNNING",
                message.StartTime ?? call.Now.ToUnixTimeMilliseconds(),
                null,
                $"{experiment.ArtifactLocation}/{id}/artifacts",
                false
            )
            {
                Tags = tags,
            },
            call.Aborted
        );
        return new One(MlflowRun.From(await RequireAsync(id, null, call)));
    }

    private static async Task<object> GetAsync(Id message, MlflowCall call) =>
        new One(MlflowRun.From(await RequireAsync(message.RunId, message.RunUuid, call)));

    private static async Task<object> UpdateAsync(Update message, MlflowCall call)
    {
        var run = await RequireActiveAsync(message.RunId, message.RunUuid, call);
        if (message.Status is not null && !_statuses.Contains(message.Status))
        {
            throw MlflowException.Invalid($"Invalid run status '{message.Status}'.");
        }

        var renamed = string.IsNullOrEmpty(message.RunName)
            ? null
            : CheckName(message.RunName);
        run = run with
        {
            Status = message.Status ?? run.Status,
            EndTime = message.EndTime ?? run.EndTime,
            Name = renamed ?? run.Name,
        };
        await call.Tracking.UpdateRunAsync(run, call.Aborted);
        if (renamed is not null)
        {
            await call.Tracking.LogAsync(
                run.Id,
                new([], new Dictionary<string, string>(), new Dictionary<string, string> { [NameTag] = renamed }),
                call.Aborted
            );
        }

        return new Updated(MlflowRunInfo.From(run));
    }

    /// <summary>Checks the name of a run.</summary>
    /// <exception cref="MlflowException">It is too long, or Postgres cannot store it.</exception>
    public static string CheckName(string name) => MlflowTags.Check("run_name", name, MaxText);

    private static async Task<object> MarkAsync(Id message, bool isDeleted, MlflowCall call)
    {
        var run = await RequireAsync(message.RunId, message.RunUuid, call);
        await call.Tracking.UpdateRunAsync(run with { IsDeleted = isDeleted }, call.Aborted);
        return new object();
    }

    private static async Task<object> DeleteTagAsync(DeleteTag message, MlflowCall call)
    {
        var run = await RequireActiveAsync(message.RunId, null, call);
        var key = MlflowTags.ReadKey(message.Key);
        return await call.Tracking.DeleteTagAsync(run.Id, key, call.Aborted)
            ? new object()
            : throw MlflowException.NotFound($"No tag with name: {key} in run with id {run.Id}");
    }

    private static async Task<object> SearchAsync(Search message, MlflowCall call)
    {
        var filter = MlflowFilter.Parse(message.Filter);
        var ids = MlflowCall.RequireAtMost(MlflowSearch.MaxEntities, message.ExperimentIds, "experiment_ids");
        long[] experiments = [.. ids.Select(MlflowExperiment.ReadId).Distinct()];
        var all = await call.Tracking.ListRunsAsync(experiments, MlflowSearch.MaxEntities, call.Aborted);
        var (items, next) = MlflowSearch.Run(
            all.Where(r => MlflowExperiments.IsIn(message.RunViewType, r.IsDeleted)),
            GetValue,
            filter,
            message.OrderBy,
            message.MaxResults ?? 1_000,
            MaxResults,
            message.PageToken
        );
        return new Many(items.Count == 0 ? null : [.. items.Select(MlflowRun.From)], next);
    }

    private static async Task<object> GetHistoryAsync(History message, MlflowCall call)
    {
        var run = await RequireAsync(message.RunId, message.RunUuid, call);
        var key = MlflowTags.ReadKey(MlflowCall.Require(message.MetricKey, "metric_key"));
        var limit = message.MaxResults ?? MaxHistory;
        if (limit is < 1 or > MaxHistory)
        {
            throw MlflowException.Invalid(
                $"Invalid value {limit} for parameter 'max_results' supplied. It must be 1 to {MaxHistory}."
            );
        }

        var skip = MlflowSearch.ReadToken(message.PageToken);
        var values = await call.Tracking.ListMetricAsync(run.Id, key, skip, (int)limit + 1, call.Aborted);
        var page = values.Take((int)limit).Select(m => m.ToMessage()).ToList();
        return new Values(
            page.Count == 0 ? null : page,
            values.Count > limit ? MlflowSearch.WriteToken(skip + page.Count) : null
        );
    }

    private static object? GetValue(TrackedRun run, string key) =>
        key switch
        {
            "run_id" => run.Id,
            "run_name" => run.Name,
            "status" => run.Status,
            "user_id" => run.UserId,
            "artifact_uri" => run.ArtifactUri,
            "start_time" or "created" or "Created" => run.StartTime,
            "end_time" => run.EndTime,
            _ when key.StartsWith("metrics.", StringComparison.Ordinal) => run
                .Metrics.FirstOrDefault(m => m.Key == key[8..])
                ?.Value,
            _ when key.StartsWith("params.", StringComparison.Ordinal) => run.Params.GetValueOrDefault(key[7..]),
            _ when key.StartsWith("tags.", StringComparison.Ordinal) => run.Tags.GetValueOrDefault(key[5..]),
            _ => throw MlflowException.Invalid($"Invalid attribute key '{key}' specified."),
        };

    private sealed record Create(
        string? ExperimentId,
        string? UserId,
        string? RunName,
        long? StartTime,
        IReadOnlyList<MlflowTag>? Tags
    );

    private sealed record Id(string? RunId, string? RunUuid);

    private sealed record Update(string? RunId, string? RunUuid, string? Status, long? EndTime, string? RunName);

    private sealed record DeleteTag(string? RunId, string? Key);

    private sealed record Search(
        IReadOnlyList<string>? ExperimentIds,
        string? Filter,
        string? RunViewType,
        long? MaxResults,
        IReadOnlyList<string>? OrderBy,
        string? PageToken
    );

    private sealed record History(
        string? RunId,
        string? RunUuid,
        string? MetricKey,
        string? PageToken,
        long? MaxResults
    );

    private sealed record One(MlflowRun Run);

    private sealed record Updated(MlflowRunInfo RunInfo);

    private sealed record Many(IReadOnlyList<MlflowRun>? Runs, string? NextPageToken);

    private sealed record Values(IReadOnlyList<MlflowMetric>? Metrics, string? NextPageToken);
}
