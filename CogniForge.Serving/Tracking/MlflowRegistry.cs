using System.Globalization;
using CogniForge.ServiceDefaults.Http;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>What MLflow's methods read of the registry.</summary>
internal static class MlflowRegistry
{
    private const int PageSize = 1_000;

    /// <summary>Finds a model.</summary>
    /// <exception cref="MlflowException">It does not exist.</exception>
    public static async Task<RegisteredModel> RequireAsync(string? name, MlflowCall call) =>
        (
            ModelName.IsValid(MlflowCall.Require(name, "name"))
                ? await call.Get<IModelStore>().FindModelAsync(name!, call.Aborted)
                : null
        ) ?? throw MlflowException.NotFound($"Registered Model with name={name} not found");

    /// <summary>Finds a version.</summary>
    /// <exception cref="MlflowException">It does not exist.</exception>
    public static async Task<(ModelVersion Version, RegisteredModel Model)> RequireAsync(
        string? name,
        string? version,
        MlflowCall call
    )
    {
        var number = ReadVersion(version);
        var model = await RequireAsync(name, call);
        var found = await call.Get<IModelStore>().FindAsync(model.Name, number, call.Aborted);
        return (
            found ?? throw MlflowException.NotFound($"Model Version (name={name}, version={version}) not found"),
            model
        );
    }

    /// <summary>Reads a version number, which MLflow sends as text.</summary>
    /// <exception cref="MlflowException">It is not a number.</exception>
    public static int ReadVersion(string? version) =>
        int.TryParse(
            MlflowCall.Require(version, "version"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : throw MlflowException.Invalid($"Model version must be an integer, got '{version}'");

    /// <summary>The newest version of each stage.</summary>
    public static async Task<IReadOnlyList<ModelVersion>> FindLatestAsync(string name, MlflowCall call) =>
        [
            .. (await ListVersionsAsync(name, call))
                .GroupBy(v => v.Stage)
                .Select(g => g.MaxBy(v => v.Version)!)
                .OrderBy(v => v.Version),
        ];

    /// <summary>Lists the versions of a model, or of all; at most <see cref="MlflowSearch.MaxEntities"/>.</summary>
    public static Task<IReadOnlyList<ModelVersion>> ListVersionsAsync(string? name, MlflowCall call) =>
        ListAsync(cursor => call.Get<IModelStore>().ListVersionsAsync(name, cursor, PageSize, call.Aborted));

    /// <summary>Lists the models; at most <see cref="MlflowSearch.MaxEntities"/>.</summary>
    public static Task<IReadOnlyList<RegisteredModel>> ListModelsAsync(MlflowCall call) =>
        ListAsync(cursor => call.Get<IModelStore>().ListModelsAsync(cursor, PageSize, call.Aborted));

    private static async Task<IReadOnlyList<T>> ListAsync<T>(Func<Cursor, Task<Page<T>>> list)
    {
        var all = new List<T>();
        string? next = null;
        do
        {
            _ = Cursor.TryParse(next, out var cursor); // the store's own cursor
            var page = await list(cursor);
            all.AddRange(page.Items);
            next = page.Next;
        } while (next is not null && all.Count < MlflowSearch.MaxEntities);

        return all;
    }
}
