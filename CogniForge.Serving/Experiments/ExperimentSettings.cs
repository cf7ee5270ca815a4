namespace CogniForge.Serving.Experiments;

/// <summary>What people decide about an experiment.</summary>
internal sealed record ExperimentSettings
{
    /// <summary>A description for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The seed of the assignment; see <see cref="Statistics.Experiments.Bucketing"/>.</summary>
    public string Salt { get; init; } = "";

    /// <summary>The share of the units that take part, above 0, at most 1.</summary>
    public double Coverage { get; init; } = 1;

    /// <summary>The variants, at least two; the first is the control.</summary>
    public IReadOnlyList<ExperimentVariant> Variants { get; init; } = [];

    /// <summary>The conditions that a unit must all fulfil to take part.</summary>
    public IReadOnlyList<TargetingCondition> Targeting { get; init; } = [];

    /// <summary>The metric that decides.</summary>
    public ExperimentMetric PrimaryMetric { get; init; } = new();

    /// <summary>The metrics whose harm ends the experiment.</summary>
    public IReadOnlyList<ExperimentMetric> GuardRails { get; init; } = [];

    /// <summary>The significance level, 0.000001 to 0.5.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>The units per variant, at least 2, before a verdict or a guard-rail.</summary>
    public int MinUnits { get; init; } = 100;

    /// <summary>How the shares develop.</summary>
    public AllocationKind Allocation { get; init; }

    /// <summary>All metrics, the primary one first.</summary>
    public IEnumerable<ExperimentMetric> GetMetrics() => GuardRails.Prepend(PrimaryMetric);
}
