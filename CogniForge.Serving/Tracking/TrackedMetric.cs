namespace CogniForge.Serving.Tracking;

/// <summary>A logged value of a metric.</summary>
internal sealed record TrackedMetric(string Key, double Value, long Timestamp, long Step)
{
    public MlflowMetric ToMessage() => new(Key, Value, Timestamp, Step);

    /// <summary>
    /// Whether it stands for the metric rather than another value: by step, then time, then value.
    /// </summary>
    public bool IsAfter(TrackedMetric other) =>
        (Step, Timestamp, Value).CompareTo((other.Step, other.Timestamp, other.Value)) > 0;
}
