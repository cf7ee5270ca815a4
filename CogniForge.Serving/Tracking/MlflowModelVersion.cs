using System.Globalization;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message ModelVersion.</summary>
internal sealed record MlflowModelVersion(
    string Name,
    string Version,
    long CreationTimestamp,
    long LastUpdatedTimestamp,
    string CurrentStage,
    string? Description,
    string? Source,
    string? RunId,
    string? RunLink,
    string Status,
    string? StatusMessage,
    IReadOnlyList<MlflowTag>? Tags,
    IReadOnlyList<string>? Aliases
)
{
    public static MlflowModelVersion From(ModelVersion version, RegisteredModel? model)
    {
        string[] aliases =
        [
            .. (model?.Aliases ?? []).Where(a => a.Version == version.Version).Select(a => a.Name),
        ];
        return new(
            version.Name,
            version.Version.ToString(CultureInfo.InvariantCulture),
            version.CreatedAt.ToUnixTimeMilliseconds(),
            version.UpdatedAt.ToUnixTimeMilliseconds(),
            version.Stage,
            version.Description.Length == 0 ? null : version.Description,
            version.Details.Source,
            version.Details.RunId,
            version.Details.RunLink,
            version.State == VersionState.Failed ? "FAILED_REGISTRATION" : "READY",
            version.StateReason,
            MlflowTag.From(version.Tags),
            aliases.Length == 0 ? null : aliases
        );
    }
}
