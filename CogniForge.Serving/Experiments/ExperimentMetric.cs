using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>A metric of an experiment.</summary>
/// <param name="Name">1 to 64 letters, digits, hyphens and underscores.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Direction">Which change is good. Default: increase.</param>
/// <param name="Aggregation">How outcomes of a unit add up; only for continuous metrics. Default: sum.</param>
/// <param name="Covariate">The attribute with the unit's value before the experiment, for CUPED.</param>
/// <param name="Tolerance">Of a guard-rail: the harm in the metric's unit that is accepted. Default: 0.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ExperimentMetric(
    string? Name = null,
    MetricKind? Kind = null,
    MetricDirection Direction = MetricDirection.Increase,
    MetricAggregation Aggregation = MetricAggregation.Sum,
    string? Covariate = null,
    double Tolerance = 0
);
