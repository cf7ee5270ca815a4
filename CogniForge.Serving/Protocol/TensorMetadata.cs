using System.Collections.Immutable;

namespace CogniForge.Serving.Protocol;

/// <summary>The metadata of an input or output tensor: the protocol's <c>$metadata_tensor</c>.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Datatype">The datatype; a numeric input accepts every numeric datatype.</param>
/// <param name="Shape">The size of each dimension, −1 for a variable size.</param>
internal sealed record TensorMetadata(string Name, Datatype Datatype, ImmutableArray<int> Shape)
{
    /// <summary>The names of a row's elements, which the protocol lacks; empty: unknown.</summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];
}
