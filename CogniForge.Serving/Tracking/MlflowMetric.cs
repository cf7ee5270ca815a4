namespace CogniForge.Serving.Tracking;

/// <summary>A value of a metric at a step.</summary>
/// <param name="Key">The metric.</param>
/// <param name="Value">The value, which may be NaN or infinite.</param>
/// <param name="Timestamp">When, in milliseconds since 1970.</param>
/// <param name="Step">The step, 0 by default.</param>
internal sealed record MlflowMetric(string? Key, double? Value, long? Timestamp, long Step = 0);
