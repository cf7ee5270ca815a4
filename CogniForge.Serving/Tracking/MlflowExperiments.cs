namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's methods for experiments.</summary>
internal static class MlflowExperiments
{
    private const int MaxName = 500;
    private const int MaxLocation = 2_000;
    private const long MaxResults = 50_000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write<Create>("POST", "/experiments/create", "CreateExperiment", CreateAsync);
        routes.Read<Get>("GET", "/experiments/get", "GetExperiment", GetAsync);
        routes.Read<GetByName>("GET", "/experiments/get-by-name", "GetExperimentByName", GetByNameAsync);
        routes.Read<Search>("POST", "/experiments/search", "SearchExperiments", SearchAsync);
        routes.Read<Search>("GET", "/experiments/search", "SearchExperimentsByQuery", SearchAsync);
        routes.Write<Update>(
            "POST",
            "/experiments/update",
            "UpdateExperiment",
            (m, call) => ChangeAsync(m.ExperimentId, e => e with { Name = ReadName(m.NewName, "new_name") }, call)
        );
        routes.Write<Get>(
            "POST",
            "/experiments/delete",
            "DeleteExperiment",
            (m, call) => ChangeAsync(m.ExperimentId, e => e with { IsDeleted = true }, call)
        );
        routes.Write<Get>(
            "POST",
            "/experiments/restore",
            "RestoreExperiment",
            (m, call) => ChangeAsync(m.ExperimentId, e => e with { IsDeleted = false }, call)
        );
        routes.Write<SetTag>("POST", "/experiments/set-experiment-tag", "SetExperimentTag", SetTagAsync);
    }

    /// <summary>Finds an experiment.</summary>
    /// <exception cref="MlflowException">It does not exist.</exception>
    public static async Task<TrackedExperiment> RequireAsync(string? id, MlflowCall call) =>
        await call.Tracking.FindExperimentAsync(MlflowExperiment.ReadId(id), call.Aborted)
        ?? throw MlflowException.NotFound($"No Experiment with id={id} exists");

    /// <summary>Whether a view type includes an entity.</summary>
    public static bool IsIn(string? viewType, bool isDeleted) =>
        viewType switch
        {
            null or "" or "ACTIVE_ONLY" or "1" => !isDeleted,
            "DELETED_ONLY" or "2" => isDeleted,
            "ALL" or "3" => true,
            _ => throw MlflowException.Invalid($"Invalid view type '{viewType}'."),
        };

    private static async Task<object> CreateAsync(Create message, MlflowCall call)
    {
        var name = ReadName(message.Name, "name");
        var location = string.IsNullOrEmpty(message.ArtifactLocation)
            ? null
            : MlflowTags.Check("artifact_location", message.ArtifactLocation, MaxLocation);
        var id = await call.Tracking.AddExperimentAsync(name, location, MlflowTags.Read(message.Tags), call.Aborted);
        return new Get(
            id is { } created
                ? MlflowExperiment.WriteId(created)
                : throw new MlflowException(
                    MlflowErrorCode.AlreadyExists,
                    $"Experiment '{name}' already exists, or existed and is deleted."
                )
        );
    }

    private static async Task<object> GetAsync(Get message, MlflowCall call) =>
        new One(MlflowExperiment.From(await RequireAsync(message.ExperimentId, call)));

    private static async Task<object> GetByNameAsync(GetByName message, MlflowCall call)
    {
        var name = MlflowCall.Require(message.ExperimentName, "experiment_name");
        return new One(
            MlflowExperiment.From(
                await call.Tracking.FindExperimentAsync(
                    name.Replace("\0", "", StringComparison.Ordinal),
                    call.Aborted
                ) ?? throw MlflowException.NotFound($"Could not find experiment with name '{name}'")
            )
        );
    }

    private static async Task<object> SearchAsync(Search message, MlflowCall call)
    {
        var all = await call.Tracking.ListExperimentsAsync(MlflowSearch.MaxEntities, call.Aborted);
        var (items, next) = MlflowSearch.Run(
            all.Where(e => IsIn(message.ViewType, e.IsDeleted)),
            GetValue,
            MlflowFilter.Parse(message.Filter),
            message.OrderBy,
            message.MaxResults ?? 1_000,
            MaxResults,
            message.PageToken
        );
        return new Many(items.Count == 0 ? null : [.. items.Select(MlflowExperiment.From)], next);
    }

    private static async Task<object> SetTagAsync(SetTag message, MlflowCall call)
    {
        var (key, value) = (MlflowTags.ReadNewKey(message.Key), MlflowTags.ReadValue(message.Key, message.Value));
        return await ChangeAsync(
            message.ExperimentId,
            e => e with { Tags = new Dictionary<string, string>(e.Tags) { [key] = value } },
            call
        );
    }

    private static async Task<object> ChangeAsync(
        string? id,
        Func<TrackedExperiment, TrackedExperiment> change,
        MlflowCall call
    )
    {
        var changed = change(await RequireAsync(id, call));
        return await call.Tracking.UpdateExperimentAsync(changed, call.Aborted)
            ? new object()
            : throw new MlflowException(
                MlflowErrorCode.AlreadyExists,
                $"Experiment '{changed.Name}' already exists, or existed and is deleted."
            );
    }

    private static string ReadName(string? name, string parameter) =>
        MlflowTags.Check(parameter, MlflowCall.Require(name, parameter), MaxName);

    private static object? GetValue(TrackedExperiment experiment, string key) =>
        key switch
        {
            "name" => experiment.Name,
            "experiment_id" => experiment.Id,
            "creation_time" => experiment.CreatedAt.ToUnixTimeMilliseconds(),
            "last_update_time" => experiment.UpdatedAt.ToUnixTimeMilliseconds(),
            _ when key.StartsWith("tags.", StringComparison.Ordinal) => experiment.Tags.GetValueOrDefault(key[5..]),
            _ => throw MlflowException.Invalid($"Invalid attribute key '{key}' specified."),
        };

    private sealed record Create(string? Name, string? ArtifactLocation, IReadOnlyList<MlflowTag>? Tags);

    private sealed record Get(string? ExperimentId);

    private sealed record GetByName(string? ExperimentName);

    private sealed record Update(string? ExperimentId, string? NewName);

    private sealed record SetTag(string? ExperimentId, string? Key, string? Value);

    private sealed record Search(
        long? MaxResults,
        string? PageToken,
        string? Filter,
        IReadOnlyList<string>? OrderBy,
        string? ViewType
    );

    private sealed record One(MlflowExperiment Experiment);

    private sealed record Many(IReadOnlyList<MlflowExperiment>? Experiments, string? NextPageToken);
}
