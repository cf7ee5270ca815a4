using CogniForge.Statistics.Fairness;

namespace CogniForge.Serving.Metrics.Fairness;

/// <summary>How decisions differ between groups, as Fairlearn defines it; what is not estimable is null.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The version; null: all.</param>
/// <param name="From">The start of the window, included.</param>
/// <param name="To">The end of the window, excluded.</param>
/// <param name="Attribute">The protected attribute.</param>
/// <param name="PositiveClass">The class whose prediction is a selection.</param>
/// <param name="Rows">The predictions with a class and a group, which demographic parity compares.</param>
/// <param name="GroundTruths">Those whose truth is known, which the other measures compare.</param>
/// <param name="IsTruncated">Whether the window has more, of which only the newest were compared.</param>
/// <param name="Groups">The counts and rates of each group, in ordinal order.</param>
/// <param name="DemographicParityDifference">Largest minus smallest selection rate.</param>
/// <param name="DisparateImpactRatio">Smallest by largest selection rate: demographic parity as a ratio.</param>
/// <param name="EqualOpportunityDifference">Largest minus smallest true positive rate.</param>
/// <param name="EqualOpportunityRatio">Smallest by largest true positive rate.</param>
/// <param name="EqualizedOddsDifference">The larger difference of true and false positive rates.</param>
/// <param name="EqualizedOddsRatio">The smaller ratio of true and false positive rates.</param>
/// <param name="IsBelowFourFifths">
/// Whether the ratio of selection rates is below 0.8: a screen of US employment law, not a verdict.
/// </param>
/// <param name="Privileged">The privileged group against all others; null: none is given.</param>
internal sealed record FairnessResponse(
    string Model,
    int? Version,
    DateTimeOffset From,
    DateTimeOffset To,
    string Attribute,
    string PositiveClass,
    int Rows,
    int GroundTruths,
    bool IsTruncated,
    IReadOnlyList<GroupRates> Groups,
    double? DemographicParityDifference,
    double? DisparateImpactRatio,
    double? EqualOpportunityDifference,
    double? EqualOpportunityRatio,
    double? EqualizedOddsDifference,
    double? EqualizedOddsRatio,
    bool? IsBelowFourFifths,
    PrivilegedComparison? Privileged
)
{
    public static FairnessResponse Create(
        MetricsWindow window,
        string attribute,
        string positiveClass,
        FairnessReport report,
        string? privileged,
        bool isTruncated
    ) =>
        new(
            window.Model,
            window.Version,
            window.From,
            window.To,
            attribute,
            positiveClass,
            (int)report.Groups.Sum(g => g.Count),
            (int)report.Groups.Sum(g => g.GroundTruths),
            isTruncated,
            [.. report.Groups.Select(GroupRates.From)],
            report.DemographicParityDifference,
            report.DemographicParityRatio,
            report.EqualOpportunityDifference,
            report.EqualOpportunityRatio,
            report.EqualizedOddsDifference,
            report.EqualizedOddsRatio,
            report.IsBelowFourFifths,
            privileged is null ? null : PrivilegedComparison.From(report.CompareWith(privileged))
        );
}
