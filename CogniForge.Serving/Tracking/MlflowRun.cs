namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message Run.</summary>
internal sealed record MlflowRun(MlflowRunInfo Info, MlflowRunData Data)
{
    public static MlflowRun From(TrackedRun run) =>
        new(
            MlflowRunInfo.From(run),
            new(
                run.Metrics.Count == 0 ? null : [.. run.Metrics.Select(m => m.ToMessage())],
                MlflowTag.From(run.Params),
                MlflowTag.From(run.Tags)
            )
        );
}
