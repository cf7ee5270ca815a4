namespace CogniForge.Serving.Tracking;

/// <summary>A run of MLflow: one training, with its parameters and metrics.</summary>
internal sealed record TrackedRun(
    string Id,
    long ExperimentId,
    string Name,
    string UserId,
    string Status,
    long StartTime,
    long? EndTime,
    string ArtifactUri,
    bool IsDeleted
)
{
    /// <summary>Of each metric the value at its last step, by key.</summary>
    public IReadOnlyList<TrackedMetric> Metrics { get; init; } = [];

    /// <summary>The parameters, by key.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = new Dictionary<string, string>();

    /// <summary>The tags, by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
