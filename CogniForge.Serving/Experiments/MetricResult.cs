namespace CogniForge.Serving.Experiments;

/// <summary>The results of a metric.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="IsGuardRail">Whether it is a guard-rail.</param>
/// <param name="Variants">The metric in each variant; the control first.</param>
internal sealed record MetricResult(
    string Name,
    MetricKind Kind,
    bool IsGuardRail,
    IReadOnlyList<MetricVariantResult> Variants
);
