using System.Text.Json.Serialization;

namespace CogniForge.Serving.Experiments;

/// <summary>The plan of a comparison of two variants.</summary>
/// <param name="Kind">What the metric measures.</param>
/// <param name="Baseline">The control's rate, 10⁻⁹ to 1 - 10⁻⁹; required for a binary metric.</param>
/// <param name="StandardDeviation">The metric's standard deviation; required for a continuous metric.</param>
/// <param name="Effect">The difference to detect, in the metric's unit. Default: the units are given.</param>
/// <param name="UnitsPerVariant">The units of each variant, 2 to 10¹². Default: the effect is given.</param>
/// <param name="Alpha">The significance level, 0.000001 to 0.5. Default: 0.05.</param>
/// <param name="Power">The probability to detect the effect, 0.5 to below 1. Default: 0.8.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PowerAnalysisRequest(
    MetricKind? Kind = null,
    double? Baseline = null,
    double? StandardDeviation = null,
    double? Effect = null,
    double? UnitsPerVariant = null,
    double Alpha = 0.05,
    double Power = 0.8
);
