using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>A version to register.</summary>
/// <param name="Description">A description of the version, at most 10,000 characters.</param>
/// <param name="Tags">Labels of the version, at most 100.</param>
/// <param name="Kind">logistic, linear, xgboost, onnx, remote, llm, ensemble, mock or external.</param>
/// <param name="Task">What it is for.</param>
/// <param name="Schema">The tensors that it takes and returns. Default: by its definition.</param>
/// <param name="Definition">The inline definition, a JSON object by kind.</param>
/// <param name="Endpoint">
/// The address of a remote model at its server, such as <c>http://triton:8000/v2/models/iris</c>.
/// </param>
/// <param name="Price">What it costs.</param>
/// <param name="Lineage">Where it comes from.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RegisterVersionRequest(
    string? Description = null,
    IReadOnlyDictionary<string, string?>? Tags = null,
    string? Kind = null,
    ModelTask? Task = null,
    ModelSchema? Schema = null,
    JsonElement? Definition = null,
    Uri? Endpoint = null,
    ModelPrice? Price = null,
    ModelLineage? Lineage = null
);
