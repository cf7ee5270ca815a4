namespace CogniForge.Serving.Experiments;

/// <summary>The data of an experiment.</summary>
/// <param name="Units">The units of each variant that has some.</param>
/// <param name="MixedUnits">The units that got several variants, which count nowhere.</param>
/// <param name="Metrics">The metrics by variant, where a unit has a value.</param>
internal sealed record ExperimentSummary(
    IReadOnlyList<VariantUnits> Units,
    long MixedUnits,
    IReadOnlyList<MetricSummary> Metrics
)
{
    /// <summary>The number of units of a variant.</summary>
    public long GetUnits(string variant) => Units.FirstOrDefault(u => u.Variant == variant)?.Units ?? 0;

    /// <summary>A metric of a variant; null: no unit has a value.</summary>
    public MetricSummary? Find(string variant, string metric) =>
        Metrics.FirstOrDefault(m => m.Variant == variant && m.Metric == metric);
}
