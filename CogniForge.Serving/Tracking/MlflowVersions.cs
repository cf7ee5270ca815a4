using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's methods for versions: the same versions as the native API's.</summary>
internal static class MlflowVersions
{
    /// <summary>The tag with which a client chooses the kind of a version; default: external.</summary>
    public const string KindTag = "cogniforge.kind";

    private const int MaxText = 2_000;
    private const long MaxResults = 200_000;
    private const long DefaultResults = 10_000;

    public static void Map(MlflowRoutes routes)
    {
        const string Path = "/model-versions";
        routes.Write<Create>("POST", $"{Path}/create", "CreateModelVersion", CreateAsync);
        routes.Read<Id>("GET", $"{Path}/get", "GetModelVersion", GetAsync);
        routes.Write<Update>("PATCH", $"{Path}/update", "UpdateModelVersion", UpdateAsync);
        routes.Write<Id>("DELETE", $"{Path}/delete", "DeleteModelVersion", DeleteAsync);
        routes.Read<Search>("GET", $"{Path}/search", "SearchModelVersions", SearchAsync);
        routes.Write<Transition>("POST", $"{Path}/transition-stage", "TransitionModelVersionStage", TransitionAsync);
        routes.Read<Id>("GET", $"{Path}/get-download-uri", "GetModelVersionDownloadUri", GetDownloadUriAsync);
        routes.Write<Tag>("POST", $"{Path}/set-tag", "SetModelVersionTag", SetTagAsync);
        routes.Write<Tag>("DELETE", $"{Path}/delete-tag", "DeleteModelVersionTag", DeleteTagAsync);
    }

    private static async Task<object> CreateAsync(Create message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        var tags = MlflowTags.Read(message.Tags);
        var kind = tags.GetValueOrDefault(KindTag) ?? ModelKind.External;
        if (!ModelKind.TakesArtifact(kind))
        {
            throw MlflowException.Invalid($"Tag '{KindTag}' must be onnx, xgboost or external, is '{kind}'.");
        }

        var version = await call.Get<ModelRegistry>()
            .AddVersionAsync(
                model.Name,
                new(
                    kind,
                    null,
                    new(
                        Source: MlflowTags.Check("source", MlflowCall.Require(message.Source, "source"), MaxText),
                        RunId: Read("run_id", message.RunId),
                        RunLink: Read("run_link", message.RunLink)
                    ),
                    MlflowModels.ReadDescription(message.Description),
                    tags
                ),
                call.Audited,
                call.Aborted
            );
        return new One(MlflowModelVersion.From(version, null));
    }

    private static async Task<object> GetAsync(Id message, MlflowCall call)
    {
        var (version, model) = await MlflowRegistry.RequireAsync(message.Name, message.Version, call);
        return new One(MlflowModelVersion.From(version, model));
    }

    private static Task<object> UpdateAsync(Update message, MlflowCall call)
    {
        var description = MlflowModels.ReadDescription(message.Description) ?? "";
        return ChangeAsync(message.Name, message.Version, v => v with { Description = description }, call);
    }

    private static async Task<object> DeleteAsync(Id message, MlflowCall call)
    {
        var (version, model) = await MlflowRegistry.RequireAsync(message.Name, message.Version, call);
        await call.Get<VersionRegistry>()
            .DeleteAsync(model.Name, version.Version, Precondition.None, call.Audited, call.Aborted);
        return new object();
    }

    private static async Task<object> SearchAsync(Search message, MlflowCall call)
    {
        var filter = MlflowFilter.Parse(message.Filter);
        var name = filter.FindEqual("name");
        var all =
            name is not null && !ModelName.IsValid(name) ? [] : await MlflowRegistry.ListVersionsAsync(name, call);
        var (items, next) = MlflowSearch.Run(
            all.OrderByDescending(v => v.UpdatedAt)
                .ThenBy(v => v.Name, StringComparer.Ordinal)
                .ThenByDescending(v => v.Version),
            GetValue,
            filter,
            message.OrderBy,
            message.MaxResults ?? DefaultResults,
            MaxResults,
            message.PageToken
        );
        var models = new Dictionary<string, RegisteredModel?>(StringComparer.Ordinal);
        foreach (var owner in items.Select(v => v.Name).Distinct())
        {
            models[owner] = await call.Get<IModelStore>().FindModelAsync(owner, call.Aborted);
        }

        return new Many(
            items.Count == 0 ? null : [.. items.Select(v => MlflowModelVersion.From(v, models[v.Name]))],
            next
        );
    }

    private static async Task<object> TransitionAsync(Transition message, MlflowCall call)
    {
        var stage = MlflowStages.Read(MlflowCall.Require(message.Stage, "stage"));
        var moved = await ChangeAsync(message.Name, message.Version, v => v with { Stage = stage }, call);
        if (message.ArchiveExistingVersions == true && stage is not (MlflowStages.None or MlflowStages.Archived))
        {
            var number = MlflowRegistry.ReadVersion(message.Version);
            foreach (var other in await MlflowRegistry.ListVersionsAsync(message.Name, call))
            {
                if (other.Stage == stage && other.Version != number)
                {
                    await call.Get<VersionRegistry>()
                        .ChangeAsync(
                            other.Name,
                            other.Version,
                            v => v.Stage == stage ? v with { Stage = MlflowStages.Archived } : v,
                            Precondition.None,
                            call.Audited,
                            call.Aborted
                        );
                }
            }
        }

        return moved;
    }

    private static async Task<object> GetDownloadUriAsync(Id message, MlflowCall call)
    {
        var (version, model) = await MlflowRegistry.RequireAsync(message.Name, message.Version, call);
        return new Download(
            version.Details.Source
                ?? $"{call.Address}{RegistryEndpoints.Path}/{model.Name}/versions/{version.Version}/artifact"
        );
    }

    private static async Task<object> SetTagAsync(Tag message, MlflowCall call)
    {
        var (key, value) = (MlflowTags.ReadNewKey(message.Key), MlflowTags.ReadValue(message.Key, message.Value));
        await ChangeAsync(
            message.Name,
            message.Version,
            v => v with { Tags = MlflowModels.Add(v.Tags, key, value) },
            call
        );
        return new object();
    }

    private static async Task<object> DeleteTagAsync(Tag message, MlflowCall call)
    {
        var key = MlflowTags.ReadKey(message.Key);
        await ChangeAsync(
            message.Name,
            message.Version,
            v => v with { Tags = v.Tags.Where(t => t.Key != key).ToDictionary() },
            call
        );
        return new object();
    }

    private static async Task<object> ChangeAsync(
        string? name,
        string? version,
        Func<ModelVersion, ModelVersion> change,
        MlflowCall call
    )
    {
        var (found, model) = await MlflowRegistry.RequireAsync(name, version, call);
        var changed = await call.Get<VersionRegistry>()
            .ChangeAsync(model.Name, found.Version, change, Precondition.None, call.Audited, call.Aborted);
        return new One(MlflowModelVersion.From(changed, model));
    }

    private static string? Read(string what, string? text) =>
        string.IsNullOrEmpty(text) ? null : MlflowTags.Check(what, text, MaxText);

    private static object? GetValue(ModelVersion version, string key) =>
        key switch
        {
            "name" => version.Name,
            "version_number" or "version" => version.Version,
            "run_id" => version.Details.RunId,
            "source_path" or "source" => version.Details.Source,
            "current_stage" or "stage" => version.Stage,
            "creation_timestamp" => version.CreatedAt.ToUnixTimeMilliseconds(),
            "last_updated_timestamp" => version.UpdatedAt.ToUnixTimeMilliseconds(),
            _ when key.StartsWith("tags.", StringComparison.Ordinal) => version.Tags.GetValueOrDefault(key[5..]),
            _ => throw MlflowException.Invalid($"Invalid attribute key '{key}' specified."),
        };

    /// <summary>A response with one version.</summary>
    internal sealed record One(MlflowModelVersion ModelVersion);

    /// <summary>A response with versions.</summary>
    internal sealed record Many(IReadOnlyList<MlflowModelVersion>? ModelVersions, string? NextPageToken);

    private sealed record Create(
        string? Name,
        string? Source,
        string? RunId,
        IReadOnlyList<MlflowTag>? Tags,
        string? RunLink,
        string? Description
    );

    private sealed record Id(string? Name, string? Version);

    private sealed record Update(string? Name, string? Version, string? Description);

    private sealed record Transition(string? Name, string? Version, string? Stage, bool? ArchiveExistingVersions);

    private sealed record Tag(string? Name, string? Version, string? Key, string? Value);

    private sealed record Download(string ArtifactUri);

    private sealed record Search(
        string? Filter,
        long? MaxResults,
        IReadOnlyList<string>? OrderBy,
        string? PageToken
    );
}
