using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>
/// Changes of an experiment; absent: unchanged. After its start, only description, coverage and guard-rails change.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal record ChangeExperimentRequest
{
    /// <summary>A description, at most 10,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The seed of the assignment, at most 64 characters. Default: the experiment's name.</summary>
    public string? Salt { get; init; }

    /// <summary>The share of the units that take part, above 0, at most 1. Default: 1.</summary>
    public double? Coverage { get; init; }

    /// <summary>2 to 20 variants; the first is the control.</summary>
    public IReadOnlyList<ExperimentVariant>? Variants { get; init; }

    /// <summary>At most 20 conditions, which a unit must all fulfil to take part. Default: none.</summary>
    public IReadOnlyList<TargetingCondition>? Targeting { get; init; }

    /// <summary>The metric that decides.</summary>
    public ExperimentMetric? PrimaryMetric { get; init; }

    /// <summary>At most 20 metrics; harm in one of them ends the experiment. Default: none.</summary>
    public IReadOnlyList<ExperimentMetric>? GuardRails { get; init; }

    /// <summary>The significance level, 0.000001 to 0.5. Default: 0.05.</summary>
    public double? Alpha { get; init; }

    /// <summary>Units per variant before a verdict or a guard-rail, 2 to 1,000,000,000. Default: 100.</summary>
    public int? MinUnits { get; init; }

    /// <summary>How the shares develop. Default: fixed.</summary>
    public AllocationKind? Allocation { get; init; }

    /// <summary>Whether it changes what must not change after the start.</summary>
    internal bool ChangesAssignment =>
        (Salt, Variants, Targeting, PrimaryMetric, Alpha, MinUnits, Allocation)
            is not (null, null, null, null, null, null, null);

    /// <summary>The settings after the change.</summary>
    public ExperimentSettings ApplyTo(ExperimentSettings settings) =>
        settings with
        {
            Description = Description ?? settings.Description,
            Salt = Salt ?? settings.Salt,
            Coverage = Coverage ?? settings.Coverage,
            Variants = Variants ?? settings.Variants,
            Targeting = Targeting ?? settings.Targeting,
            PrimaryMetric = PrimaryMetric ?? settings.PrimaryMetric,
            GuardRails = GuardRails ?? settings.GuardRails,
            Alpha = Alpha ?? settings.Alpha,
            MinUnits = MinUnits ?? settings.MinUnits,
            Allocation = Allocation ?? settings.Allocation,
        };
}
