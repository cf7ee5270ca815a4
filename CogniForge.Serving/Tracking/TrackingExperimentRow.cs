using CogniForge.Serving.Models;

namespace CogniForge.Serving.Tracking;

/// <summary>A row of the table tracking_experiment.</summary>
internal sealed record TrackingExperimentRow(
    long Id,
    string Name,
    string Artifact_Location,
    bool Is_Deleted,
    string Tags,
    DateTime Created_At,
    DateTime Updated_At
)
{
    public const string Select = """
        SELECT id, name, artifact_location, is_deleted, tags::text AS tags, created_at, updated_at
        FROM tracking_experiment
        """;

    public TrackedExperiment ToExperiment() =>
        new(
            Id,
            Name,
            Artifact_Location,
            Is_Deleted,
            new SortedDictionary<string, string>(
                RegistryJson.Read<Dictionary<string, string>>(Tags),
                StringComparer.Ordinal
            ),
            Created_At,
            Updated_At
        );
}
