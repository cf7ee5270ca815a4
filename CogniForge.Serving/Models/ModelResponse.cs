namespace CogniForge.Serving.Models;

/// <summary>A model.</summary>
/// <param name="Id">The model's id, a UUID.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Description">What people wrote about it.</param>
/// <param name="Tags">Free labels.</param>
/// <param name="Aliases">Its aliases and the versions that they stand for.</param>
/// <param name="LatestVersion">Its newest version; null: it has none.</param>
/// <param name="ServingVersion">Its newest version that serves; null: none.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC.</param>
internal sealed record ModelResponse(
    Guid Id,
    string Name,
    string Description,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, int> Aliases,
    int? LatestVersion,
    int? ServingVersion,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static ModelResponse From(RegisteredModel model) =>
        new(
            model.Id,
            model.Name,
            model.Description,
            model.Tags,
            model.Aliases.ToDictionary(a => a.Name, a => a.Version),
            model.LatestVersion,
            model.ServingVersion,
            model.CreatedAt,
            model.UpdatedAt
        );
}
