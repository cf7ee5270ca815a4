using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>The metadata of an input or output tensor.</summary>
/// <param name="Name">The name of the tensor.</param>
/// <param name="Datatype">The datatype of the tensor's elements.</param>
/// <param name="Shape">The shape of the tensor: the size of each dimension, -1 for a variable size.</param>
internal sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<int> Shape)
{
    public static TensorDescription From(TensorMetadata tensor) =>
        new(tensor.Name, tensor.Datatype.Name, [.. tensor.Shape]);
}
