namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message RunInfo.</summary>
internal sealed record MlflowRunInfo(
    string RunId,
    string RunUuid,
    string RunName,
    string ExperimentId,
    string UserId,
    string Status,
    long StartTime,
    long? EndTime,
    string ArtifactUri,
    string LifecycleStage
)
{
    public static MlflowRunInfo From(TrackedRun run) =>
        new(
            run.Id,
            run.Id,
            run.Name,
            MlflowExperiment.WriteId(run.ExperimentId),
            run.UserId,
            run.Status,
            run.StartTime,
            run.EndTime,
            run.ArtifactUri,
            run.IsDeleted ? "deleted" : "active"
        );
}
