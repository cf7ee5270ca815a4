using CogniForge.Statistics.Fairness;

namespace CogniForge.Serving.Metrics.Fairness;

/// <summary>All other groups minus the privileged one, with sign, as AIF360 defines it.</summary>
/// <param name="Group">The privileged group.</param>
/// <param name="StatisticalParityDifference">The difference of the selection rates.</param>
/// <param name="DisparateImpactRatio">The ratio of the selection rates, above 1 if the others are favoured.</param>
/// <param name="EqualOpportunityDifference">The difference of the true positive rates.</param>
/// <param name="AverageOddsDifference">The mean of the differences of false and true positive rates.</param>
/// <param name="AverageOddsError">The mean of their absolute values.</param>
internal sealed record PrivilegedComparison(
    string Group,
    double? StatisticalParityDifference,
    double? DisparateImpactRatio,
    double? EqualOpportunityDifference,
    double? AverageOddsDifference,
    double? AverageOddsError
)
{
    public static PrivilegedComparison From(PrivilegeComparison comparison) =>
        new(
            comparison.Privileged.Group,
            comparison.StatisticalParityDifference,
            comparison.DisparateImpactRatio,
            comparison.EqualOpportunityDifference,
            comparison.AverageOddsDifference,
            comparison.AverageOddsError
        );
}
