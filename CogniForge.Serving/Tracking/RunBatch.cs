namespace CogniForge.Serving.Tracking;

/// <summary>What is logged to a run at once.</summary>
internal sealed record RunBatch(
    IReadOnlyList<TrackedMetric> Metrics,
    IReadOnlyDictionary<string, string> Params,
    IReadOnlyDictionary<string, string> Tags
);
