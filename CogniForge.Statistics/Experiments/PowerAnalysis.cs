namespace CogniForge.Statistics.Experiments;

/// <summary>Power, sample size and minimum detectable effect (MDE) of two-sided z-tests of two equal arms.</summary>
/// <remarks>Source: Cohen, <i>Statistical Power Analysis</i> (2nd ed., 1988), chapters 2 and 6. Pure.</remarks>
public static class PowerAnalysis
{
    /// <summary>The probability to detect an effect: 1 − Φ(z − D/se) + Φ(−z − D/se).</summary>
    /// <param name="effect">The true effect D.</param>
    /// <param name="standardError">Standard error of the effect at the planned size, positive, in its unit.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <returns>The power, in [<paramref name="alpha"/>, 1].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double Power(double effect, double standardError, double alpha = 0.05)
    {
        Require.Finite(effect);
        Require.Positive(standardError);
        Require.Between0And1(alpha);
        var z = Distributions.NormalCritical(alpha);
        var shift = effect / standardError;
        return Distributions.NormalUpper(z - shift) + Distributions.NormalCdf(-z - shift);
    }

    /// <summary>Units per arm to tell two rates apart: (z + z₁₋β)²(p₁q₁ + p₂q₂)/(p₂ − p₁)², rounded up.</summary>
    /// <param name="baselineRate">The control's rate, in [0, 1].</param>
    /// <param name="treatmentRate">The treatment's rate, in [0, 1], different from the control's.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <param name="power">Probability to detect the difference, in (0, 1).</param>
    /// <returns>Units per arm, at least 1.</returns>
    /// <exception cref="ArgumentException">The rates are equal.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double SampleSizeForRates(
        double baselineRate,
        double treatmentRate,
        double alpha = 0.05,
        double power = 0.8
    )
    {
        Require.Probability(baselineRate);
        Require.Probability(treatmentRate);
        if (baselineRate == treatmentRate)
        {
            throw new ArgumentException("The rates must differ.", nameof(treatmentRate));
        }

        var variances = (baselineRate * (1 - baselineRate)) + (treatmentRate * (1 - treatmentRate));
        return SampleSize(variances, treatmentRate - baselineRate, alpha, power);
    }

    /// <summary>Units per arm to detect a difference of means: 2·((z + z₁₋β)·σ/D)², rounded up.</summary>
    /// <param name="effect">The difference D to detect, not 0.</param>
    /// <param name="standardDeviation">Standard deviation σ of the metric in each arm, positive.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <param name="power">Probability to detect the difference, in (0, 1).</param>
    /// <returns>Units per arm, at least 1.</returns>
    /// <exception cref="ArgumentException">The effect is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double SampleSizeForMeans(
        double effect,
        double standardDeviation,
        double alpha = 0.05,
        double power = 0.8
    )
    {
        Require.Finite(effect);
        Require.Positive(standardDeviation);
        return effect == 0
            ? throw new ArgumentException("The effect must not be 0.", nameof(effect))
            : SampleSize(2 * standardDeviation * standardDeviation, effect, alpha, power);
    }

    /// <summary>The smallest effect that is detected with the given power: se·(z + z₁₋β).</summary>
    /// <param name="standardError">Standard error of the effect, positive.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <param name="power">Probability to detect the effect, in (0, 1).</param>
    /// <returns>The MDE, in the unit of <paramref name="standardError"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double MinimumDetectableEffect(double standardError, double alpha = 0.05, double power = 0.8)
    {
        Require.Positive(standardError);
        return standardError * CriticalSum(alpha, power);
    }

    /// <summary>
    /// The smallest relative lift that is detected with the given power, as GrowthBook's power calculator.
    /// </summary>
    /// <remarks>
    /// With k = z + z₁₋β and s² = variance/n, the larger root μ of (1 − k²s²/m²)μ² − 2mμ + m² − k²s² = 0.
    /// </remarks>
    /// <param name="mean">Mean m of the control, not 0.</param>
    /// <param name="variance">Variance of the metric, positive, in squared units.</param>
    /// <param name="unitsPerArm">Units n in each arm, positive.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <param name="power">Probability to detect the lift, in (0, 1).</param>
    /// <returns>The relative MDE, 0.1 for +10 %; null when n ≤ k²·variance/m²: no lift is detectable.</returns>
    /// <exception cref="ArgumentException">The mean is 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double? MinimumDetectableLift(
        double mean,
        double variance,
        double unitsPerArm,
        double alpha = 0.05,
        double power = 0.8
    )
    {
        Require.Finite(mean);
        Require.Positive(variance);
        Require.Positive(unitsPerArm);
        if (mean == 0)
        {
            throw new ArgumentException("The mean must not be 0.", nameof(mean));
        }

        // With x = μ/m and r = k²s²/m², the equation is (1 − r)x² − 2x + 1 − r = 0.
        var critical = CriticalSum(alpha, power);
        var r = critical * critical * variance / unitsPerArm / (mean * mean);
        return r < 1 ? ((1 + Math.Sqrt(r * (2 - r))) / (1 - r)) - 1 : null;
    }

    private static double SampleSize(double variances, double effect, double alpha, double power)
    {
        var ratio = CriticalSum(alpha, power) / effect;
        return Math.Max(1, Math.Ceiling(ratio * ratio * variances));
    }

    private static double CriticalSum(double alpha, double power)
    {
        Require.Between0And1(alpha);
        Require.Between0And1(power);
        return Distributions.NormalCritical(alpha) + Distributions.NormalQuantile(power);
    }
}
