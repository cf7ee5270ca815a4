namespace CogniForge.Statistics.Experiments;

/// <summary>The state of a sequential test after some observations.</summary>
/// <param name="Effect">The effect, in the metric's unit or relative.</param>
/// <param name="StandardError">Its standard error, in the same unit.</param>
/// <param name="Interval">Confidence sequence: covers the effect at all times at once with its confidence.</param>
/// <param name="PValue">
/// Always-valid p-value, in [0, 1]. The minimum over time is always valid as well, so the caller may keep it.
/// </param>
public sealed record SequentialTestResult(
    double Effect,
    double StandardError,
    ConfidenceInterval Interval,
    double PValue
);
