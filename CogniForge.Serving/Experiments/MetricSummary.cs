using CogniForge.Statistics;
using CogniForge.Statistics.Experiments;

namespace CogniForge.Serving.Experiments;

/// <summary>The values of a metric over the units of a variant.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Count">The units with a value.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Variance">Their sample variance; null below two.</param>
/// <param name="CovariateMean">The mean of the covariate; null: no unit has one.</param>
/// <param name="CovariateVariance">The sample variance of the covariate.</param>
/// <param name="Covariance">The sample covariance.</param>
internal sealed record MetricSummary(
    string Variant,
    string Metric,
    long Count,
    double Mean,
    double? Variance,
    double? CovariateMean,
    double? CovariateVariance,
    double? Covariance
)
{
    /// <summary>The number of units with value 1, of a binary metric.</summary>
    public long Successes => (long)Math.Round(Mean * Count);

    /// <summary>The moments of the values.</summary>
    public SampleMoments Moments => new(Count, Mean, Variance ?? 0);

    /// <summary>The moments with the covariate; null: there is none.</summary>
    public CovariateMoments? CovariateMoments =>
        CovariateMean is { } mean
            ? new(Moments, new SampleMoments(Count, mean, CovariateVariance ?? 0), Covariance ?? 0)
            : null;
}
