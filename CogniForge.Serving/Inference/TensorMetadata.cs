using System.Collections.Immutable;

namespace CogniForge.Serving.Inference;

/// <summary>What a model takes or gives: the protocol's <c>$metadata_tensor</c>.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Datatype">The datatype; of a numeric input any numeric one will do.</param>
/// <param name="Shape">The size of each dimension, −1 where it varies.</param>
internal sealed record TensorMetadata(string Name, Datatype Datatype, ImmutableArray<int> Shape);
