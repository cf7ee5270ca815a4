namespace CogniForge.Serving.Models;

/// <summary>A version of a model.</summary>
/// <param name="Id">Its id, UUID version 7.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Kind">What sort of model it is.</param>
/// <param name="Inputs">The names of its inputs.</param>
/// <param name="Classes">The names of its classes.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
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
