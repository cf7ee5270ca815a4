using System.Globalization;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message RegisteredModel.</summary>
internal sealed record MlflowRegisteredModel(
    string Name,
    long CreationTimestamp,
    long LastUpdatedTimestamp,
    string? Description,
    IReadOnlyList<MlflowModelVersion>? LatestVersions,
    IReadOnlyList<MlflowTag>? Tags,
    IReadOnlyList<MlflowAlias>? Aliases
)
{
    public static MlflowRegisteredModel From(RegisteredModel model, IEnumerable<ModelVersion> latest)
    {
        MlflowModelVersion[] versions = [.. latest.Select(v => MlflowModelVersion.From(v, model))];
        return new(
            model.Name,
            model.CreatedAt.ToUnixTimeMilliseconds(),
            model.UpdatedAt.ToUnixTimeMilliseconds(),
            model.Description.Length == 0 ? null : model.Description,
            versions.Length == 0 ? null : versions,
            MlflowTag.From(model.Tags),
            model.Aliases.Count == 0
                ? null
                :
                [
                    .. model.Aliases.Select(a => new MlflowAlias(
                        a.Name,
                        a.Version.ToString(CultureInfo.InvariantCulture)
                    )),
                ]
        );
    }
}
