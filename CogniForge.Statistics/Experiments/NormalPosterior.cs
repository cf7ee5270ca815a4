namespace CogniForge.Statistics.Experiments;

/// <summary>What is known of a mean or an effect: a normal distribution.</summary>
public readonly record struct NormalPosterior
{
    /// <summary>Creates a normal distribution.</summary>
    /// <param name="mean">Its mean, finite.</param>
    /// <param name="standardDeviation">Its standard deviation, positive, in the same unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public NormalPosterior(double mean, double standardDeviation)
    {
        Require.Finite(mean);
        Require.Positive(standardDeviation);
        (Mean, StandardDeviation) = (mean, standardDeviation);
    }

    /// <summary>Mean.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation, in the unit of the mean.</summary>
    public double StandardDeviation { get; }

    /// <summary>Probability that the value is above 0: the chance to win when it is an effect.</summary>
    public double ChanceAboveZero => Distributions.NormalCdf(Mean / StandardDeviation);

    /// <summary>The posterior of a mean under a flat prior.</summary>
    /// <param name="moments">The sample.</param>
    /// <returns>The posterior; null below two values, or when they do not vary.</returns>
    public static NormalPosterior? FromMoments(SampleMoments moments) =>
        moments.VarianceOfMean is > 0 and var variance
            ? new NormalPosterior(moments.Mean!.Value, Math.Sqrt(variance))
            : null;

    /// <summary>Updates this prior by an estimate: the mean weighted by precision, as GrowthBook.</summary>
    /// <param name="estimate">The estimate and its standard error.</param>
    /// <returns>The posterior.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The estimate is not finite, or its error not positive.</exception>
    public NormalPosterior Update(EffectEstimate estimate)
    {
        Require.Finite(estimate.Effect, nameof(estimate));
        Require.Positive(estimate.StandardError, nameof(estimate));
        var prior = 1 / (StandardDeviation * StandardDeviation);
        var data = 1 / (estimate.StandardError * estimate.StandardError);
        var mean = ((Mean * prior) + (estimate.Effect * data)) / (prior + data);
        return new NormalPosterior(mean, 1 / Math.Sqrt(prior + data));
    }
}
