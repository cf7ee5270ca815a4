namespace CogniForge.Statistics.Experiments;

/// <summary>Comparison of two success rates, and the interval of one.</summary>
/// <remarks>Sources: Agresti, <i>Categorical Data Analysis</i> (3rd ed.), section 3.2; statsmodels' names in brackets.
/// Pure, so thread-safe.</remarks>
public static class ProportionTest
{
    /// <summary>
    /// The two-proportion z-test with pooled variance [<c>proportions_ztest</c>], and the unpooled Wald interval of the
    /// difference [<c>confint_proportions_2indep(method="wald")</c>].
    /// </summary>
    /// <param name="controlSuccesses">Successes in the control, from 0 to <paramref name="controlCount"/>.</param>
    /// <param name="controlCount">Units in the control, at least 0.</param>
    /// <param name="treatmentSuccesses">Successes in the treatment, from 0 to <paramref
    /// name="treatmentCount"/>.</param>
    /// <param name="treatmentCount">Units in the treatment, at least 0.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <returns>The test; null (not estimable) when an arm is empty or all outcomes of both arms are equal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static EffectTest? Compare(
        long controlSuccesses,
        long controlCount,
        long treatmentSuccesses,
        long treatmentCount,
        double alpha = 0.05
    )
    {
        RequireCounts(controlSuccesses, controlCount, nameof(controlSuccesses));
        RequireCounts(treatmentSuccesses, treatmentCount, nameof(treatmentSuccesses));
        Require.Between0And1(alpha);
        var successes = controlSuccesses + treatmentSuccesses;
        double count = controlCount + treatmentCount;
        if (controlCount == 0 || treatmentCount == 0 || successes == 0 || successes == count)
        {
            return null;
        }

        var pooled = successes / count;
        var control = (double)controlSuccesses / controlCount;
        var treatment = (double)treatmentSuccesses / treatmentCount;
        var effect = treatment - control;
        var z = effect / Math.Sqrt(pooled * (1 - pooled) * ((1.0 / controlCount) + (1.0 / treatmentCount)));
        var error = Math.Sqrt(
            (control * (1 - control) / controlCount) + (treatment * (1 - treatment) / treatmentCount)
        );
        var interval = ConfidenceInterval.Around(effect, Distributions.NormalCritical(alpha) * error, alpha);
        return new EffectTest(effect, error, interval, Distributions.NormalTwoSided(z), z, null);
    }

    /// <summary>Wilson's score interval of a rate [<c>proportion_confint(method="wilson")</c>].</summary>
    /// <param name="successes">Successes, from 0 to <paramref name="count"/>.</param>
    /// <param name="count">Trials, at least 0.</param>
    /// <param name="alpha">Significance level, in (0, 1).</param>
    /// <returns>The interval, within [0, 1]; null without trials.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static ConfidenceInterval? WilsonInterval(long successes, long count, double alpha = 0.05)
    {
        RequireCounts(successes, count, nameof(successes));
        Require.Between0And1(alpha);
        if (count == 0)
        {
            return null;
        }

        var rate = (double)successes / count;
        var z = Distributions.NormalCritical(alpha);
        var share = z * z / count;
        var center = (rate + (share / 2)) / (1 + share);
        var halfWidth = z * Math.Sqrt((rate * (1 - rate) / count) + (share / (4.0 * count))) / (1 + share);
        return new ConfidenceInterval(
            successes == 0 ? 0 : center - halfWidth,
            successes == count ? 1 : center + halfWidth,
            1 - alpha
        );
    }

    private static void RequireCounts(long successes, long count, string name)
    {
        if (successes < 0 || successes > count)
        {
            throw new ArgumentOutOfRangeException(name, successes, $"Successes must be from 0 to the count, {count}.");
        }
    }
}
