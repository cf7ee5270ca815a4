namespace CogniForge.Statistics.Experiments;

/// <summary>The result of comparing a treatment with a control.</summary>
/// <param name="Effect">Treatment minus control in the metric's unit, or the relative lift (0.1 is +10 %).</param>
/// <param name="StandardError">Standard error of <paramref name="Effect"/>, at least 0, in its unit.</param>
/// <param name="Interval">Confidence interval of <paramref name="Effect"/>.</param>
/// <param name="PValue">Two-sided p-value of no effect, in [0, 1].</param>
/// <param name="Statistic">The z or t statistic.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of t; null for z.</param>
public sealed record EffectTest(
    double Effect,
    double StandardError,
    ConfidenceInterval Interval,
    double PValue,
    double Statistic,
    double? DegreesOfFreedom
);
