namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>A tensor that a model takes or gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">The datatype of its elements.</param>
/// <param name="Shape">The size of each dimension; -1 for any.</param>
internal sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<int> Shape)
{
    public static TensorDescription From(TensorMetadata tensor) =>
        new(tensor.Name, tensor.Datatype.Name, [.. tensor.Shape]);
}
