namespace CogniForge.Serving.Tracking;

/// <summary>An experiment of MLflow: a group of runs.</summary>
internal sealed record TrackedExperiment(
    long Id,
    string Name,
    string ArtifactLocation,
    bool IsDeleted,
    IReadOnlyDictionary<string, string> Tags,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);
