namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What became known about a prediction.</summary>
/// <param name="Key">The prediction.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="Actual">What is true.</param>
/// <param name="Groups">The groups of the row by protected attribute; null: those of the prediction.</param>
internal sealed record GroundTruth(
    PredictionKey Key,
    DateTimeOffset RecordedAt,
    ActualOutput Actual,
    IReadOnlyDictionary<string, string>? Groups
);
