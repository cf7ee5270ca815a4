using System.Text.Json;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">The datatype of its elements, e.g. <c>FP64</c>.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Data">The elements in row-major order, nested by dimension or flat.</param>
internal sealed record TensorBody(
    string Name,
    string Datatype,
    IReadOnlyList<int> Shape,
    IReadOnlyList<JsonElement> Data
);
