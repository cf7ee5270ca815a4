namespace CogniForge.Statistics.Experiments;

/// <summary>Welch's t-test: compares two means without assuming equal variances.</summary>
/// <remarks>
/// Source: Welch, <i>The generalization of "Student's" problem</i> (Biometrika 34, 1947); equals SciPy's
/// <c>ttest_ind(equal_var=False)</c>. Pure, so thread-safe.
/// </remarks>
public static class WelchTest
{
    /// <summary>Tests the difference of the means, treatment minus control.</summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <returns>The test; null (not estimable) below two values in an arm, or when both variances are 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is out of its range.</exception>
    public static EffectTest? Compare(SampleMoments control, SampleMoments treatment, double alpha = 0.05)
    {
        Require.Between0And1(alpha);
        return Effects.Difference(control, treatment) is { } difference
            ? Test(difference, control, treatment, alpha)
            : null;
    }

    /// <summary>
    /// Tests the relative lift (m₂ − m₁) / |m₁|, with the delta-method variance v₂/(n₂m₁²) + v₁m₂²/(n₁m₁⁴) and the
    /// degrees of freedom of the difference, as GrowthBook's gbstats.
    /// </summary>
    /// <param name="control">The control's moments.</param>
    /// <param name="treatment">The treatment's moments.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <returns>
    /// The test; null (not estimable) below two values in an arm, when both variances are 0 or the control's mean is 0.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is out of its range.</exception>
    public static EffectTest? CompareLift(SampleMoments control, SampleMoments treatment, double alpha = 0.05)
    {
        Require.Between0And1(alpha);
        return Effects.Lift(control, treatment) is { } lift ? Test(lift, control, treatment, alpha) : null;
    }

    private static EffectTest Test(EffectEstimate estimate, SampleMoments a, SampleMoments b, double alpha)
    {
        var (effect, error) = estimate;
        var (varianceA, varianceB) = (a.VarianceOfMean!.Value, b.VarianceOfMean!.Value);

        // As shares, because squares of tiny variances underflow.
        var (shareA, shareB) = (varianceA / (varianceA + varianceB), varianceB / (varianceA + varianceB));
        var df = 1 / ((shareA * shareA / (a.Count - 1)) + (shareB * shareB / (b.Count - 1)));
        var t = effect / error;
        var interval = ConfidenceInterval.Around(effect, Distributions.StudentCritical(alpha, df) * error, alpha);
        return new EffectTest(effect, error, interval, Distributions.StudentTwoSided(t, df), t, df);
    }
}
