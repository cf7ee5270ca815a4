using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>A row of the table model_version.</summary>
internal sealed record VersionRow(
    Guid Id,
    string Name,
    int Version,
    string Kind,
    string Details,
    Guid? Artifact_Id,
    string? Artifact_Sha256,
    long? Artifact_Bytes,
    string Description,
    string Tags,
    string State,
    string? State_Reason,
    string Stage,
    Guid Revision,
    DateTime Created_At,
    DateTime Updated_At,
    string? Definition
)
{
    private const string Others = """
        id, name, version, kind, details::text AS details, artifact_id, artifact_sha256, artifact_bytes, description,
        tags::text AS tags, state, state_reason, stage, revision, created_at, updated_at
        """;

    public const string Columns = $"{Others}, definition::text AS definition";

    public const string ColumnsWithoutDefinition = $"{Others}, NULL::text AS definition";

    public ModelVersion ToVersion()
    {
        var details = RegistryJson.Read<VersionDetails>(Details);
        return new()
        {
            Id = Id,
            Name = Name,
            Version = Version,
            Kind = Kind,
            Definition = Definition,

            // Releases before schemas stored none.
            Details = details.Schema is null ? details with { Schema = ModelSchema.Derive(Kind, Definition) } : details,
            Artifact = Artifact_Id is { } id ? new(id, Artifact_Sha256!, Artifact_Bytes!.Value) : null,
            Description = Description,
            Tags = RegistryJson.Read<Dictionary<string, string>>(Tags),
            State = ParseState(State),
            StateReason = State_Reason,
            Stage = Stage,
            Revision = Revision,
            CreatedAt = Created_At,
            UpdatedAt = Updated_At,
        };
    }

    public static string Write(VersionState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private static VersionState ParseState(string state) => Enum.Parse<VersionState>(state, ignoreCase: true);
}
