namespace CogniForge.Statistics.Experiments;

/// <summary>A test that stays valid however often one looks at it.</summary>
/// <remarks>
/// Sources: Waudby-Smith et al., <i>Time-uniform central limit theory and asymptotic confidence sequences</i>
/// (arXiv:2103.06476v7), equations 9, 155 and 161, as GrowthBook applies them; Johari et al., <i>Always Valid
/// Inference</i> (Operations Research 70(3), 2022) for the mixture. Asymptotic: it relies on the central limit theorem.
/// Pure.
/// </remarks>
public static class SequentialTest
{
    /// <summary>The default of <c>tuningCount</c>, as in GrowthBook.</summary>
    public const double DefaultTuningCount = 5000;

    /// <summary>Tests the difference of the means, treatment minus control.</summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <param name="alpha">Significance level over all looks, in (0, 1).</param>
    /// <param name="tuningCount">Number of units of both arms at which the interval is tightest, positive.</param>
    /// <returns>The state; null (not estimable) below two values in an arm, or when both variances are 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static SequentialTestResult? Compare(
        SampleMoments control,
        SampleMoments treatment,
        double alpha = 0.05,
        double tuningCount = DefaultTuningCount
    ) => Evaluate(Effects.Difference(control, treatment), control.Count + treatment.Count, alpha, tuningCount);

    /// <summary>Tests the relative lift (m₂ − m₁) / |m₁|.</summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <param name="alpha">Significance level over all looks, in (0, 1).</param>
    /// <param name="tuningCount">Number of units of both arms at which the interval is tightest, positive.</param>
    /// <returns>The state; null where <see cref="Effects.Lift"/> is null.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static SequentialTestResult? CompareLift(
        SampleMoments control,
        SampleMoments treatment,
        double alpha = 0.05,
        double tuningCount = DefaultTuningCount
    ) => Evaluate(Effects.Lift(control, treatment), control.Count + treatment.Count, alpha, tuningCount);

    /// <summary>
    /// The always-valid p-value of the mixture sequential probability ratio test with mixing distribution N(0, τ²):
    /// min(1, 1/Λ), Λ = √(V/(V+τ²))·exp(τ²d²/(2V(V+τ²))), V the squared standard error.
    /// </summary>
    /// <param name="estimate">The effect d and its standard error.</param>
    /// <param name="mixingVariance">τ² in squared units of the effect, positive: the size of effects expected.</param>
    /// <returns>A p-value in [0, 1]; its minimum over time is always valid as well.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double MixturePValue(EffectEstimate estimate, double mixingVariance)
    {
        Require.Positive(mixingVariance);
        Require.Positive(estimate.StandardError, nameof(estimate));
        var variance = estimate.StandardError * estimate.StandardError;
        var z = estimate.Effect / estimate.StandardError;

        // With ρ²N = τ²/V this is the test of Evaluate.
        return PValue(z * z, mixingVariance / variance);
    }

    private static SequentialTestResult? Evaluate(
        EffectEstimate? effect,
        double count,
        double alpha,
        double tuningCount
    )
    {
        Require.Between0And1(alpha);
        Require.Positive(tuningCount);
        if (effect is not { } estimate)
        {
            return null;
        }

        var logAlpha = Math.Log(alpha);
        var scale = count * ((-2 * logAlpha) + Math.Log((-2 * logAlpha) + 1)) / tuningCount;
        var z = estimate.Effect / estimate.StandardError;
        var halfWidth =
            estimate.StandardError * Math.Sqrt(2 * (scale + 1) / scale * ((Math.Log(scale + 1) / 2) - logAlpha));
        var interval = ConfidenceInterval.Around(estimate.Effect, halfWidth, alpha);
        return new SequentialTestResult(estimate.Effect, estimate.StandardError, interval, PValue(z * z, scale));
    }

    /// <summary>min(1, 1/E) with E = exp(s·z²/(2(s+1)))/√(s+1), where s = ρ²N.</summary>
    private static double PValue(double squaredZ, double scale) =>
        Math.Min(1, Math.Exp((Math.Log(scale + 1) / 2) - (scale / (scale + 1) * squaredZ / 2)));
}
