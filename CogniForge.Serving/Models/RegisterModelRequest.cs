using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>A model to register, with its first version unless <c>kind</c> is absent.</summary>
/// <param name="Name">1 to 64 letters, digits, hyphens, underscores and dots.</param>
/// <param name="Description">A description of the model, at most 10,000 characters.</param>
/// <param name="Tags">Labels of the model, at most 100.</param>
/// <param name="Kind">The kind of the first version. Default: the model has no version yet.</param>
/// <param name="Task">What it is for.</param>
/// <param name="Schema">The tensors that it takes and returns. Default: by its definition.</param>
/// <param name="Definition">The inline definition, a JSON object by kind.</param>
/// <param name="Endpoint">
/// The address of a remote model at its server, such as <c>http://triton:8000/v2/models/iris</c>.
/// </param>
/// <param name="Price">What it costs.</param>
/// <param name="Lineage">Where it comes from.</param>
/// <param name="Inputs">Short for <c>definition.inputs</c>: the names of the inputs, 1 to 10,000.</param>
/// <param name="Classes">Short for <c>definition.classes</c>: the names of the two classes.</param>
/// <param name="Intercept">Short for <c>definition.intercept</c>.</param>
/// <param name="Coefficients">Short for <c>definition.coefficients</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterModelRequest(
    string? Name = null,
    string? Description = null,
    IReadOnlyDictionary<string, string?>? Tags = null,
    string? Kind = null,
    ModelTask? Task = null,
    ModelSchema? Schema = null,
    JsonElement? Definition = null,
    Uri? Endpoint = null,
    ModelPrice? Price = null,
    ModelLineage? Lineage = null,
    IReadOnlyList<string?>? Inputs = null,
    IReadOnlyList<string?>? Classes = null,
    double? Intercept = null,
    IReadOnlyList<double>? Coefficients = null
)
{
    /// <summary>Whether the request has parts of a version.</summary>
    [JsonIgnore]
    public bool HasVersion =>
        (Kind, Task, Schema, Definition, Endpoint, Price, Lineage) is not (null, null, null, null, null, null, null)
        || IsShort;

    /// <summary>Whether the definition is spelt out as members of the model.</summary>
    [JsonIgnore]
    public bool IsShort => (Inputs, Classes, Intercept, Coefficients) is not (null, null, null, null);

    /// <summary>The first version.</summary>
    public RegisterVersionRequest ToVersion() =>
        new(null, null, Kind, Task, Schema, Definition, Endpoint, Price, Lineage);
}
