using CogniForge.Serving.Models;

namespace CogniForge.Serving.Experiments;

/// <summary>A row of the table experiment.</summary>
internal sealed record ExperimentRow(
    Guid Id,
    string Name,
    string Model,
    string Settings,
    string State,
    string? State_Reason,
    string? Promoted,
    Guid Revision,
    DateTime Created_At,
    DateTime Updated_At,
    DateTime? Started_At
)
{
    public const string Columns = """
        id, name, model, settings::text AS settings, state, state_reason, promoted, revision, created_at, updated_at,
        started_at
        """;

    public static string Write(ExperimentState state) => state.ToString().ToLowerInvariant();

    public Experiment ToExperiment() =>
        new()
        {
            Id = Id,
            Name = Name,
            Model = Model,
            Settings = RegistryJson.Read<ExperimentSettings>(Settings),
            State = Enum.Parse<ExperimentState>(State, ignoreCase: true),
            StateReason = State_Reason,
            Promoted = Promoted,
            Revision = Revision,
            CreatedAt = Created_At,
            UpdatedAt = Updated_At,
            StartedAt = Started_At,
        };
}
