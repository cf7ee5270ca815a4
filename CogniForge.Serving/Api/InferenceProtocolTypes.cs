using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.Serving.Domain.Inference;
using CogniForge.Serving.Domain.Models;

namespace CogniForge.Serving.Api;

/// <summary>The server.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>Whether the server answers.</summary>
internal sealed record ServerLive(bool Live);

/// <summary>Whether the server can infer.</summary>
internal sealed record ServerReady(bool Ready);

/// <summary>Whether a model can infer.</summary>
internal sealed record ModelReady(string Name, bool Ready);

/// <summary>What a model takes and gives.</summary>
internal sealed record ModelMetadata(string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorDescription> Inputs, IReadOnlyList<TensorDescription> Outputs)
{
    public static ModelMetadata Of(ModelVersion version) => new(
        version.Name,
        [version.Version.ToString(CultureInfo.InvariantCulture)],
        LogisticInference.Platform,
        [.. LogisticInference.Inputs(version.Definition).Select(TensorDescription.Of)],
        [.. LogisticInference.Outputs.Select(TensorDescription.Of)]);
}

/// <summary>A tensor that a model takes or gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">The datatype of its elements.</param>
/// <param name="Shape">The size of each dimension; -1 for any.</param>
internal sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<int> Shape)
{
    public static TensorDescription Of(TensorMetadata tensor) => new(tensor.Name, tensor.Datatype.Name, [.. tensor.Shape]);
}

/// <summary>A batch to score.</summary>
/// <remarks>This type and those below are for the OpenAPI document: tensors are read and written without them.</remarks>
/// <param name="Inputs">The input tensors.</param>
/// <param name="Id">Comes back with the answer.</param>
/// <param name="Outputs">The outputs to give. Default: all.</param>
internal sealed record InferenceRequestBody(IReadOnlyList<TensorBody> Inputs, string? Id = null, IReadOnlyList<RequestedOutputBody>? Outputs = null);

/// <summary>An output to give.</summary>
internal sealed record RequestedOutputBody(string Name);

/// <summary>A tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">The datatype of its elements, e.g. <c>FP64</c>.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Data">The elements in row-major order, nested by dimension or flat.</param>
internal sealed record TensorBody(string Name, string Datatype, IReadOnlyList<int> Shape, IReadOnlyList<JsonElement> Data);

/// <summary>The scores of a batch.</summary>
internal sealed record InferenceResponseBody(
    [property: JsonPropertyName("model_name")] string ModelName, [property: JsonPropertyName("model_version")] string ModelVersion, IReadOnlyList<TensorBody> Outputs, string? Id = null);
