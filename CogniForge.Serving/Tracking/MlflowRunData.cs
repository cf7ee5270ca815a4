namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message RunData: of each metric the value at its last step.</summary>
internal sealed record MlflowRunData(
    IReadOnlyList<MlflowMetric>? Metrics,
    IReadOnlyList<MlflowTag>? Params,
    IReadOnlyList<MlflowTag>? Tags
);
