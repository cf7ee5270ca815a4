using CogniForge.Serving.Models;

namespace CogniForge.Serving.Routing;

/// <summary>What a request addresses.</summary>
/// <param name="Route">The route of the model.</param>
/// <param name="Version">The version that the request names, by number or alias; null: it names none.</param>
internal readonly record struct InferenceTarget(ModelRoute Route, ModelVersion? Version);
