namespace CogniForge.Serving.Experiments;

/// <summary>A metric in a variant.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Units">The units with a value.</param>
/// <param name="Mean">Their mean, of a binary metric the rate; null: no unit.</param>
/// <param name="StandardDeviation">Their standard deviation; null below two units.</param>
/// <param name="Comparison">The comparison with the control; null: it is the control.</param>
internal sealed record MetricVariantResult(
    string Variant,
    long Units,
    double? Mean,
    double? StandardDeviation,
    MetricComparison? Comparison
);
