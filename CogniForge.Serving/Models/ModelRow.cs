namespace CogniForge.Serving.Models;

/// <summary>A row of the table model, with its aliases as JSON.</summary>
internal sealed record ModelRow(
    Guid Id,
    string Name,
    string Description,
    string Tags,
    int Last_Version,
    int? Latest,
    int? Serving,
    string Aliases,
    Guid Revision,
    DateTime Created_At,
    DateTime Updated_At
)
{
    public const string Columns = """
        m.id, m.name, m.description, m.tags::text AS tags, m.last_version,
        (SELECT max(v.version) FROM model_version v WHERE v.name = m.name) AS latest,
        (SELECT max(v.version) FROM model_version v WHERE v.name = m.name AND v.state = 'serving') AS serving,
        (SELECT coalesce(json_agg(json_build_object('name', a.alias, 'version', a.version, 'moveId', a.move_id)
            ORDER BY a.alias COLLATE "C"), '[]') FROM model_alias a WHERE a.model = m.name)::text AS aliases,
        m.revision, m.created_at, m.updated_at
        """;

    public RegisteredModel ToModel() =>
        new()
        {
            Id = Id,
            Name = Name,
            Description = Description,
            Tags = RegistryJson.Read<Dictionary<string, string>>(Tags),
            LastVersion = Last_Version,
            LatestVersion = Latest,
            ServingVersion = Serving,
            Aliases = RegistryJson.Read<ModelAlias[]>(Aliases),
            Revision = Revision,
            CreatedAt = Created_At,
            UpdatedAt = Updated_At,
        };
}
