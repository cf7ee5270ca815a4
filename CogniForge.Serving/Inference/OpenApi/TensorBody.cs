using System.Text.Json;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A tensor.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Datatype">The datatype of the tensor's elements, e.g. <c>FP64</c>.</param>
/// <param name="Shape">The shape of the tensor: the size of each dimension.</param>
/// <param name="Data">The contents of the tensor in row-major order, nested by dimension or flat.</param>
internal sealed record TensorBody(
    string Name,
    string Datatype,
    IReadOnlyList<int> Shape,
    IReadOnlyList<JsonElement> Data
);
