namespace CogniForge.Serving.Experiments;

/// <summary>Whether the units arrive in the configured shares.</summary>
/// <param name="PValue">Pearson's chi-square test of the shares.</param>
/// <param name="IsMismatch">Whether the p-value is below 0.001, which blocks the verdict.</param>
internal sealed record SampleRatioCheck(double PValue, bool IsMismatch);
