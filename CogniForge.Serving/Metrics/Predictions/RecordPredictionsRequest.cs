using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>Predictions of a version that is served elsewhere.</summary>
/// <param name="Source">The system that served them, 1 to 64 characters; ids are unique within it.</param>
/// <param name="Version">The version of kind external that made them.</param>
/// <param name="Predictions">1 to 1,000 predictions.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordPredictionsRequest(
    string? Source = null,
    int? Version = null,
    IReadOnlyList<RecordedPrediction?>? Predictions = null
);
