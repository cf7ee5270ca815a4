namespace CogniForge.Statistics.Experiments;

/// <summary>Moments of an outcome and of a covariate from before the experiment, over the same units.</summary>
public sealed record CovariateMoments
{
    /// <summary>Creates the moments that another system computed, such as SQL's <c>covar_samp</c>.</summary>
    /// <param name="outcome">The outcome's moments.</param>
    /// <param name="covariate">The covariate's moments, over as many units.</param>
    /// <param name="covariance">Sample covariance with divisor n − 1; ignored below two units.</param>
    /// <exception cref="ArgumentException">The counts differ, or the covariance is not finite.</exception>
    public CovariateMoments(SampleMoments outcome, SampleMoments covariate, double covariance)
    {
        if (outcome.Count != covariate.Count)
        {
            throw new ArgumentException(
                $"The covariate has {covariate.Count} values for {outcome.Count} outcomes.",
                nameof(covariate)
            );
        }

        if (outcome.Count > 1)
        {
            Require.Finite(covariance);
            Covariance = covariance;
        }

        (Outcome, Covariate) = (outcome, covariate);
    }

    /// <summary>Moments of the outcome.</summary>
    public SampleMoments Outcome { get; }

    /// <summary>Moments of the covariate.</summary>
    public SampleMoments Covariate { get; }

    /// <summary>Sample covariance, divisor n − 1; null below two units.</summary>
    public double? Covariance { get; }

    /// <summary>The moments of paired values.</summary>
    /// <param name="outcomes">One outcome per unit; finite.</param>
    /// <param name="covariates">The covariate of the same units, in the same order; finite.</param>
    /// <returns>The moments.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is not finite.</exception>
    public static CovariateMoments FromValues(ReadOnlySpan<double> outcomes, ReadOnlySpan<double> covariates)
    {
        Require.SameLength(covariates.Length, outcomes.Length, nameof(covariates));
        var outcome = SampleMoments.FromValues(outcomes);
        var covariate = SampleMoments.FromValues(covariates);
        var sum = 0.0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            sum += (outcomes[i] - outcome.Mean!.Value) * (covariates[i] - covariate.Mean!.Value);
        }

        return new CovariateMoments(outcome, covariate, sum / (outcomes.Length - 1.0));
    }
}
