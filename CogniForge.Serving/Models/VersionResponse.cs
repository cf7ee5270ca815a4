using System.Text.Json;

namespace CogniForge.Serving.Models;

/// <summary>A version of a model.</summary>
/// <param name="Id">The version's id, a UUID version 7.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version number, from 1.</param>
/// <param name="Kind">The kind of model, e.g. <c>logistic</c>.</param>
/// <param name="Task">What it is for.</param>
/// <param name="State">Its state in the life cycle.</param>
/// <param name="StateReason">Why it is in this state.</param>
/// <param name="Description">What people wrote about it.</param>
/// <param name="Tags">Free labels.</param>
/// <param name="Schema">The tensors that it takes and returns.</param>
/// <param name="Definition">The inline definition; null in lists and for versions without one.</param>
/// <param name="Artifact">The uploaded file.</param>
/// <param name="Endpoint">
/// The address of a remote model at its server, such as <c>http://triton:8000/v2/models/iris</c>.
/// </param>
/// <param name="Price">What it costs.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="CreatedAt">When it was registered, UTC.</param>
/// <param name="UpdatedAt">When its state or labels last changed, UTC.</param>
internal sealed record VersionResponse(
    Guid Id,
    string Name,
    int Version,
    string Kind,
    ModelTask? Task,
    VersionState State,
    string? StateReason,
    string Description,
    IReadOnlyDictionary<string, string> Tags,
    ModelSchema Schema,
    JsonElement? Definition,
    ArtifactResponse? Artifact,
    Uri? Endpoint,
    ModelPrice? Price,
    ModelLineage? Lineage,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    public static VersionResponse From(ModelVersion version) =>
        new(
            version.Id,
            version.Name,
            version.Version,
            version.Kind,
            version.Details.Task,
            version.State,
            version.StateReason,
            version.Description,
            version.Tags,
            version.Schema,
            version.Definition is null ? null : JsonSerializer.Deserialize<JsonElement>(version.Definition),
            version.Artifact is { } a ? new($"sha256:{a.Sha256}", a.Bytes) : null,
            version.Details.Endpoint,
            version.Details.Price,
            version.Details.Lineage,
            version.CreatedAt,
            version.UpdatedAt
        );
}
