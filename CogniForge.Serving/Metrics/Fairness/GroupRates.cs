using CogniForge.Statistics.Fairness;

namespace CogniForge.Serving.Metrics.Fairness;

/// <summary>The decisions about a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Count">The predictions, of which the selection rate is a share.</param>
/// <param name="GroundTruths">The predictions whose truth is known, which the other rates need.</param>
/// <param name="Positives">The rows that are positive in truth.</param>
/// <param name="SelectionRate">The share of rows that were predicted positive.</param>
/// <param name="TruePositiveRate">The share of positive rows that were predicted positive; null: no such rows.</param>
/// <param name="FalsePositiveRate">The share of other rows that were predicted positive; null: no such rows.</param>
internal sealed record GroupRates(
    string Group,
    long Count,
    long GroundTruths,
    long Positives,
    double? SelectionRate,
    double? TruePositiveRate,
    double? FalsePositiveRate
)
{
    public static GroupRates From(GroupCounts counts) =>
        new(
            counts.Group,
            counts.Count,
            counts.GroundTruths,
            counts.Positives,
            counts.SelectionRate,
            counts.TruePositiveRate,
            counts.FalsePositiveRate
        );
}
