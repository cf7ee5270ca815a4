using System.Text.Json.Serialization;

namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What a model predicted for a row; at least one is set.</summary>
/// <param name="Class">The class, 1 to 200 characters.</param>
/// <param name="Scores">The probability of each class, 0 to 1; of two classes, one is enough. At most 1,000.</param>
/// <param name="Number">The number, finite.</param>
/// <param name="Text">The text, at most 10,000 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PredictedOutput(
    string? Class = null,
    IReadOnlyDictionary<string, double>? Scores = null,
    double? Number = null,
    string? Text = null
);
