using System.Globalization;

namespace CogniForge.Serving.Tracking;

/// <summary>MLflow's message Experiment.</summary>
internal sealed record MlflowExperiment(
    string ExperimentId,
    string Name,
    string ArtifactLocation,
    string LifecycleStage,
    long LastUpdateTime,
    long CreationTime,
    IReadOnlyList<MlflowTag>? Tags
)
{
    public static MlflowExperiment From(TrackedExperiment experiment) =>
        new(
            WriteId(experiment.Id),
            experiment.Name,
            experiment.ArtifactLocation,
            experiment.IsDeleted ? "deleted" : "active",
            experiment.UpdatedAt.ToUnixTimeMilliseconds(),
            experiment.CreatedAt.ToUnixTimeMilliseconds(),
            MlflowTag.From(experiment.Tags)
        );

    public static string WriteId(long id) => id.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="MlflowException">The id is missing, or no experiment can have it.</exception>
    public static long ReadId(string? id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw MlflowException.NotFound(
            $"No Experiment with id={MlflowCall.Require(id, "experiment_id")} exists"
        );
}
