using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Finds the inputs of a version; empty if it is not loaded.</summary>
internal delegate IReadOnlyList<TensorMetadata> InputLookup(ModelVersion version);
