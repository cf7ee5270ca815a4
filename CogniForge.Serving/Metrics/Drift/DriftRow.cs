using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.Serving.Metrics.Predictions;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>A row of a reference.</summary>
/// <param name="Features">The features by name, at most 256.</param>
/// <param name="Prediction">What the model predicted for it. Default: unknown.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DriftRow(
    IReadOnlyDictionary<string, JsonElement>? Features = null,
    PredictedOutput? Prediction = null
);
