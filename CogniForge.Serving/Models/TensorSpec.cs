using System.Text.Json.Serialization;

namespace CogniForge.Serving.Models;

/// <summary>An input or output tensor of a model.</summary>
/// <param name="Name">The tensor's name, 1 to 200 characters.</param>
/// <param name="Datatype">The datatype of the Open Inference Protocol, e.g. <c>FP32</c>.</param>
/// <param name="Shape">The size of each dimension, −1 for a variable size; at most 16 dimensions.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TensorSpec(string Name, string Datatype, IReadOnlyList<long> Shape);
