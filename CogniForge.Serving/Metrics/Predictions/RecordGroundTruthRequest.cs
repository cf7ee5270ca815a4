using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What became known about predictions.</summary>
/// <param name="Source">The system that served them. Default: this service.</param>
/// <param name="Items">1 to 1,000 items.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordGroundTruthRequest(
    string? Source = null,
    IReadOnlyList<GroundTruthItem?>? Items = null
);
