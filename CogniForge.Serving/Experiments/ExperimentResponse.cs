namespace CogniForge.Serving.Experiments;

/// <summary>An experiment.</summary>
/// <param name="Id">Its id, a UUID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Description">What people wrote about it.</param>
/// <param name="State">Its state.</param>
/// <param name="StateReason">Why it was stopped; null: no reason was given.</param>
/// <param name="Promoted">The variant that was promoted; null: none.</param>
/// <param name="Salt">The seed of the assignment.</param>
/// <param name="Coverage">The share of the units that take part.</param>
/// <param name="Allocation">How the shares develop.</param>
/// <param name="Variants">The variants; the first is the control.</param>
/// <param name="Targeting">The conditions that a unit must all fulfil.</param>
/// <param name="PrimaryMetric">The metric that decides.</param>
/// <param name="GuardRails">The metrics whose harm ends the experiment.</param>
/// <param name="Alpha">The significance level.</param>
/// <param name="MinUnits">Units per variant before a verdict or a guard-rail.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC.</param>
/// <param name="StartedAt">When it was first started, UTC; null: never.</param>
internal sealed record ExperimentResponse(
    Guid Id,
    string Name,
    string Model,
    string Description,
    ExperimentState State,
    string? StateReason,
    string? Promoted,
    string Salt,
    double Coverage,
    AllocationKind Allocation,
    IReadOnlyList<ExperimentVariant> Variants,
    IReadOnlyList<TargetingCondition> Targeting,
    ExperimentMetric PrimaryMetric,
    IReadOnlyList<ExperimentMetric> GuardRails,
    double Alpha,
    int MinUnits,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? StartedAt
)
{
    public static ExperimentResponse From(Experiment experiment)
    {
        var settings = experiment.Settings;
        return new(
            experiment.Id,
            experiment.Name,
            experiment.Model,
            settings.Description,
            experiment.State,
            experiment.StateReason,
            experiment.Promoted,
            settings.Salt,
            settings.Coverage,
            settings.Allocation,
            settings.Variants,
            settings.Targeting,
            settings.PrimaryMetric,
            settings.GuardRails,
            settings.Alpha,
            settings.MinUnits,
            experiment.CreatedAt,
            experiment.UpdatedAt,
            experiment.StartedAt
        );
    }
}
