namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>How much ground truth was recorded.</summary>
/// <param name="Recorded">The number of items; one that was recorded before replaces the earlier one.</param>
internal sealed record GroundTruthCount(int Recorded);
