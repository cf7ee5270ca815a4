namespace CogniForge.Statistics.Fairness;

/// <summary>
/// Unprivileged minus privileged rates, with sign: definitions of AIF360 (<c>sklearn/metrics/metrics.py</c>).
/// </summary>
/// <remarks>Each measure is null (not estimable) when a side lacks the rows that it needs.</remarks>
/// <param name="Privileged">The privileged group.</param>
/// <param name="Unprivileged">All other groups together.</param>
public sealed record PrivilegeComparison(GroupCounts Privileged, GroupCounts Unprivileged)
{
    /// <summary>Difference of the selection rates, in [−1, 1].</summary>
    public double? StatisticalParityDifference => Unprivileged.SelectionRate - Privileged.SelectionRate;

    /// <summary>Ratio of the selection rates, above 1 when the unprivileged are selected more often.</summary>
    public double? DisparateImpactRatio =>
        Privileged.SelectionRate is > 0 and var rate ? Unprivileged.SelectionRate / rate : null;

    /// <summary>Difference of the true positive rates, in [−1, 1].</summary>
    public double? EqualOpportunityDifference => Unprivileged.TruePositiveRate - Privileged.TruePositiveRate;

    /// <summary>Mean of the differences of false and true positive rates; opposite ones cancel.</summary>
    public double? AverageOddsDifference => (FalsePositiveDifference + EqualOpportunityDifference) / 2;

    /// <summary>Mean of the absolute differences of false and true positive rates, in [0, 1].</summary>
    public double? AverageOddsError =>
        FalsePositiveDifference is { } first && EqualOpportunityDifference is { } second
            ? (Math.Abs(first) + Math.Abs(second)) / 2
            : null;

    private double? FalsePositiveDifference => Unprivileged.FalsePositiveRate - Privileged.FalsePositiveRate;
}
