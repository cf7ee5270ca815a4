namespace CogniForge.Statistics.Drift;

/// <summary>Whether a feature drifted.</summary>
/// <param name="Test">The test that was used.</param>
/// <param name="Score">Its p-value, where small means drift, or its distance, where large means drift.</param>
/// <param name="IsPValue">Whether <paramref name="Score"/> is a p-value.</param>
/// <param name="Threshold">The threshold that was used.</param>
/// <param name="IsDrifted">Whether the score crosses the threshold.</param>
/// <param name="ReferenceCount">Reference values that were compared, without missing ones.</param>
/// <param name="CurrentCount">Current values that were compared, without missing ones.</param>
public sealed record DriftResult(
    DriftTest Test,
    double Score,
    bool IsPValue,
    double Threshold,
    bool IsDrifted,
    long ReferenceCount,
    long CurrentCount
);
