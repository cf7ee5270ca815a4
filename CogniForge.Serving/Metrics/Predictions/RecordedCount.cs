namespace CogniForge.Serving.Metrics.Predictions;

/// <summary>What a batch changed.</summary>
/// <param name="Recorded">The predictions that are new.</param>
/// <param name="Duplicates">The predictions whose id was recorded before, which are ignored.</param>
internal sealed record RecordedCount(int Recorded, int Duplicates);
