using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What became known about a prediction.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Row">The row within the request, from 0. Default: 0.</param>
/// <param name="Actual">What is true.</param>
/// <param name="Groups">The group of the row for each protected attribute, at most 20.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GroundTruthItem(
    string? Id = null,
    int? Row = null,
    ActualOutput? Actual = null,
    IReadOnlyDictionary<string, string?>? Groups = null
);
