using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's methods for registered models and their aliases: the same models as the native API's.</summary>
internal static class MlflowModels
{
    private const long MaxResults = 1_000;
    private const int MaxStages = 100;

    public static void Map(MlflowRoutes routes)
    {
        const string Path = "/registered-models";
        routes.Write<Create>("POST", $"{Path}/create", "CreateRegisteredModel", CreateAsync);
        routes.Read<Named>("GET", $"{Path}/get", "GetRegisteredModel", GetAsync);
        routes.Write<Named>("POST", $"{Path}/rename", "RenameRegisteredModel", RenameAsync);
        routes.Write<Update>("PATCH", $"{Path}/update", "UpdateRegisteredModel", UpdateAsync);
        routes.Write<Named>("DELETE", $"{Path}/delete", "DeleteRegisteredModel", DeleteAsync);
        routes.Read<Search>("GET", $"{Path}/search", "SearchRegisteredModels", SearchAsync);
        routes.Read<Latest>("POST", $"{Path}/get-latest-versions", "GetLatestVersions", GetLatestAsync);
        routes.Read<Latest>("GET", $"{Path}/get-latest-versions", "GetLatestVersionsByQuery", GetLatestAsync);
        routes.Write<Tag>("POST", $"{Path}/set-tag", "SetRegisteredModelTag", SetTagAsync);
        routes.Write<Tag>("DELETE", $"{Path}/delete-tag", "DeleteRegisteredModelTag", DeleteTagAsync);
        routes.Read<Alias>("GET", $"{Path}/alias", "GetModelVersionByAlias", GetByAliasAsync);
        routes.Write<Alias>("POST", $"{Path}/alias", "SetRegisteredModelAlias", SetAliasAsync);
        routes.Write<Alias>("DELETE", $"{Path}/alias", "DeleteRegisteredModelAlias", DeleteAliasAsync);
    }

    private static async Task<object> CreateAsync(Create message, MlflowCall call)
    {
        var name = MlflowCall.Require(message.Name, "name");
        if (!ModelName.IsValid(name))
        {
            throw MlflowException.Invalid($"The name of a registered model {ModelName.Rule}.");
        }

        var model = await call.Get<ModelRegistry>()
            .RegisterAsync(
                name,
                ReadDescription(message.Description),
                MlflowTags.Read(message.Tags),
                null,
                call.Audited,
                call.Aborted
            );
        return new One(MlflowRegisteredModel.From(model, []));
    }

    private static async Task<object> GetAsync(Named message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        return new One(MlflowRegisteredModel.From(model, await MlflowRegistry.FindLatestAsync(model.Name, call)));
    }

    private static async Task<object> RenameAsync(Named message, MlflowCall call)
    {
        await MlflowRegistry.RequireAsync(message.Name, call);
        throw new MlflowException(
            MlflowErrorCode.NotImplemented,
            "A registered model keeps its name, which requests, records and metrics contain."
        );
    }

    private static async Task<object> UpdateAsync(Update message, MlflowCall call)
    {
        var name = (await MlflowRegistry.RequireAsync(message.Name, call)).Name;
        var description = ReadDescription(message.Description) ?? "";
        var model = await ChangeAsync(name, m => m with { Description = description }, call);
        return new One(MlflowRegisteredModel.From(model, await MlflowRegistry.FindLatestAsync(name, call)));
    }

    private static async Task<object> DeleteAsync(Named message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        await call.Get<ModelRegistry>().DeleteAsync(model.Name, Precondition.None, call.Audited, call.Aborted);
        return new object();
    }

    private static async Task<object> SearchAsync(Search message, MlflowCall call)
    {
        var all = await MlflowRegistry.ListModelsAsync(call);
        var (items, next) = MlflowSearch.Run(
            all.OrderBy(m => m.Name, StringComparer.Ordinal),
            GetValue,
            MlflowFilter.Parse(message.Filter),
            message.OrderBy,
            message.MaxResults ?? 100,
            MaxResults,
            message.PageToken
        );
        var models = new List<MlflowRegisteredModel>();
        foreach (var model in items)
        {
            models.Add(MlflowRegisteredModel.From(model, await MlflowRegistry.FindLatestAsync(model.Name, call)));
        }

        return new Many(models.Count == 0 ? null : models, next);
    }

    private static async Task<object> GetLatestAsync(Latest message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        var names = MlflowCall.RequireAtMost(MaxStages, message.Stages, "stages");
        string[] stages = [.. names.Select(MlflowStages.Read)];
        var latest = await MlflowRegistry.FindLatestAsync(model.Name, call);
        return new MlflowVersions.Many(
            [
                .. latest
                    .Where(v => stages.Length == 0 || stages.Contains(v.Stage))
                    .Select(v => MlflowModelVersion.From(v, model)),
            ],
            null
        );
    }

    private static async Task<object> SetTagAsync(Tag message, MlflowCall call)
    {
        var name = (await MlflowRegistry.RequireAsync(message.Name, call)).Name;
        var (key, value) = (MlflowTags.ReadNewKey(message.Key), MlflowTags.ReadValue(message.Key, message.Value));
        await ChangeAsync(name, m => m with { Tags = Add(m.Tags, key, value) }, call);
        return new object();
    }

    private static async Task<object> DeleteTagAsync(Tag message, MlflowCall call)
    {
        var name = (await MlflowRegistry.RequireAsync(message.Name, call)).Name;
        var key = MlflowTags.ReadKey(message.Key);
        await ChangeAsync(name, m => m with { Tags = m.Tags.Where(t => t.Key != key).ToDictionary() }, call);
        return new object();
    }

    private static async Task<object> GetByAliasAsync(Alias message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        var alias = MlflowCall.Require(message.AliasName, "alias");
        var version = model.Aliases.FirstOrDefault(a => a.Name == alias) is { } found
            ? await call.Get<IModelStore>().FindAsync(model.Name, found.Version, call.Aborted)
            : null;
        return new MlflowVersions.One(
            MlflowModelVersion.From(
                version ?? throw MlflowException.Invalid($"Registered model alias {alias} not found."),
                model
            )
        );
    }

    private static async Task<object> SetAliasAsync(Alias message, MlflowCall call)
    {
        var (version, model) = await MlflowRegistry.RequireAsync(message.Name, message.Version, call);
        var alias = MlflowCall.Require(message.AliasName, "alias");
        if (!Models.AliasName.IsValid(alias))
        {
            throw MlflowException.Invalid($"Invalid alias name: '{alias}'. It {Models.AliasName.Rule}.");
        }

        await call.Get<AliasRegistry>()
            .MoveAsync(model.Name, alias, version.Version, Precondition.None, call.Audited, call.Aborted);
        return new object();
    }

    private static async Task<object> DeleteAliasAsync(Alias message, MlflowCall call)
    {
        var model = await MlflowRegistry.RequireAsync(message.Name, call);
        var alias = MlflowCall.Require(message.AliasName, "alias");
        if (model.Aliases.Any(a => a.Name == alias))
        {
            await call.Get<AliasRegistry>()
                .DeleteAsync(model.Name, alias, Precondition.None, call.Audited, call.Aborted);
        }

        return new object();
    }

    /// <summary>The tags with one more, or with another value of it.</summary>
    /// <exception cref="MlflowException">There are too many.</exception>
    public static IReadOnlyDictionary<string, string> Add(
        IReadOnlyDictionary<string, string> tags,
        string key,
        string value
    ) =>
        tags.ContainsKey(key) || tags.Count < LabelsValidator.MaxTags
            ? new Dictionary<string, string>(tags) { [key] = value }
            : throw MlflowException.Invalid($"At most {LabelsValidator.MaxTags} tags are allowed.");

    /// <exception cref="MlflowException">The description is too long, or Postgres cannot store it.</exception>
    public static string? ReadDescription(string? description) =>
        description is null
            ? null
            : MlflowTags.Check("description", description, LabelsValidator.MaxDescription);

    private static Task<RegisteredModel> ChangeAsync(
        string name,
        Func<RegisteredModel, RegisteredModel> change,
        MlflowCall call
    ) => call.Get<ModelRegistry>().ChangeAsync(name, change, Precondition.None, call.Audited, call.Aborted);

    private static object? GetValue(RegisteredModel model, string key) =>
        key switch
        {
            "name" => model.Name,
            "creation_timestamp" => model.CreatedAt.ToUnixTimeMilliseconds(),
            "last_updated_timestamp" or "timestamp" => model.UpdatedAt.ToUnixTimeMilliseconds(),
            _ when key.StartsWith("tags.", StringComparison.Ordinal) => model.Tags.GetValueOrDefault(key[5..]),
            _ => throw MlflowException.Invalid($"Invalid attribute key '{key}' specified."),
        };

    private sealed record Create(string? Name, string? Description, IReadOnlyList<MlflowTag>? Tags);

    private sealed record Named(string? Name);

    private sealed record Update(string? Name, string? Description);

    private sealed record Latest(string? Name, IReadOnlyList<string>? Stages);

    private sealed record Tag(string? Name, string? Key, string? Value);

    private sealed record Alias(
        string? Name,
        [property: System.Text.Json.Serialization.JsonPropertyName("alias")] string? AliasName,
        string? Version
    );

    private sealed record Search(
        string? Filter,
        long? MaxResults,
        IReadOnlyList<string>? OrderBy,
        string? PageToken
    );

    private sealed record One(MlflowRegisteredModel RegisteredModel);

    private sealed record Many(IReadOnlyList<MlflowRegisteredModel>? RegisteredModels, string? NextPageToken);
}
