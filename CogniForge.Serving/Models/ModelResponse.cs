namespace CogniForge.Serving.Models;

/// <summary>A version of a model.</summary>
/// <param name="Id">The version's id, a UUID version 7.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version number, from 1.</param>
/// <param name="Kind">The kind of model, e.g. <c>logistic</c>.</param>
/// <param name="Inputs">The names of the inputs.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="CreatedAt">When the version was registered, UTC.</param>
internal sealed record ModelResponse(
    Guid Id,
    string Name,
    int Version,
    string Kind,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Classes,
    DateTimeOffset CreatedAt
)
{
    public static ModelResponse From(ModelVersion version) =>
        new(
            version.Id,
            version.Name,
            version.Version,
            version.Kind,
            version.Definition.Inputs,
            version.Definition.Classes,
            version.CreatedAt
        );
}
