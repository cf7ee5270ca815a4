using CogniForge.Statistics.Drift;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Whether a column drifted, and the quality of its values.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsPrediction">Whether it is a prediction.</param>
/// <param name="Test">The test; null: a side has no values, so that the column was not compared.</param>
/// <param name="Score">The p-value, where small means drift, or the distance, where large means drift.</param>
/// <param name="IsPValue">Whether the score is a p-value.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="IsDrifted">Whether the score crosses the threshold.</param>
/// <param name="Quality">Missing values, values out of range and new categories.</param>
internal sealed record ColumnDrift(
    string Name,
    bool IsPrediction,
    DriftTest? Test,
    double? Score,
    bool IsPValue,
    double? Threshold,
    bool IsDrifted,
    ColumnQuality Quality
);
