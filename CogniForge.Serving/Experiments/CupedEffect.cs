namespace CogniForge.Serving.Experiments;

/// <summary>An effect whose variance CUPED reduced by the covariate.</summary>
/// <param name="Effect">In the metric's unit.</param>
/// <param name="Lower">The lower end of its confidence interval.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="PValue">The two-sided p-value of no effect.</param>
/// <param name="VarianceRemaining">The share of the variance that remains, 0 to 1.</param>
internal sealed record CupedEffect(
    double Effect,
    double Lower,
    double Upper,
    double PValue,
    double VarianceRemaining
);
