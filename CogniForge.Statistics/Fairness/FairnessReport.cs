namespace CogniForge.Statistics.Fairness;

/// <summary>Group fairness of binary decisions, for any number of groups.</summary>
/// <remarks>
/// Definitions of Fairlearn (<c>fairlearn/metrics/_fairness_metrics.py</c>). A measure is null (not estimable) as long
/// as one group lacks the rows that it needs; the counts of the groups show which. Pure, so thread-safe.
/// </remarks>
/// <param name="Groups">The counts and rates of each group.</param>
/// <param name="Selection">Disparity of the selection rate: demographic parity.</param>
/// <param name="TruePositive">Disparity of the true positive rate: equal opportunity.</param>
/// <param name="FalsePositive">Disparity of the false positive rate.</param>
public sealed record FairnessReport(
    IReadOnlyList<GroupCounts> Groups,
    RateDisparity? Selection,
    RateDisparity? TruePositive,
    RateDisparity? FalsePositive
)
{
    /// <summary>The ratio below which the four-fifths rule flags a disparate impact.</summary>
    public const double FourFifths = 0.8;

    /// <summary>Largest minus smallest selection rate.</summary>
    public double? DemographicParityDifference => Selection?.Difference;

    /// <summary>Smallest by largest selection rate, also called disparate impact.</summary>
    public double? DemographicParityRatio => Selection?.Ratio;

    /// <summary>Largest minus smallest true positive rate.</summary>
    public double? EqualOpportunityDifference => TruePositive?.Difference;

    /// <summary>Smallest by largest true positive rate.</summary>
    public double? EqualOpportunityRatio => TruePositive?.Ratio;

    /// <summary>The larger of the differences of true and false positive rates.</summary>
    public double? EqualizedOddsDifference =>
        TruePositive is null || FalsePositive is null
            ? null
            : Math.Max(TruePositive.Difference, FalsePositive.Difference);

    /// <summary>The smaller of the ratios of true and false positive rates.</summary>
    public double? EqualizedOddsRatio =>
        TruePositive?.Ratio is { } first && FalsePositive?.Ratio is { } second ? Math.Min(first, second) : null;

    /// <summary>
    /// Whether the ratio of selection rates is below four fifths. A screen, not a verdict: the rule comes from US
    /// employment law and has no validity outside it.
    /// </summary>
    public bool? IsBelowFourFifths => DemographicParityRatio is { } ratio ? ratio < FourFifths : null;

    /// <summary>Compares groups by their counts.</summary>
    /// <param name="groups">The counts of each group.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">A count is negative, or a group occurs twice.</exception>
    public static FairnessReport FromGroups(IReadOnlyList<GroupCounts> groups)
    {
        Validate(groups);
        var all = GroupCounts.Join("all", groups);
        return new FairnessReport(
            groups,
            RateDisparity.FromRates([.. groups.Select(group => group.SelectionRate)], all.SelectionRate),
            RateDisparity.FromRates([.. groups.Select(group => group.TruePositiveRate)], all.TruePositiveRate),
            RateDisparity.FromRates([.. groups.Select(group => group.FalsePositiveRate)], all.FalsePositiveRate)
        );
    }

    /// <summary>Compares one privileged group with all others together, with sign.</summary>
    /// <param name="privileged">The name of the privileged group.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">The group is unknown.</exception>
    public PrivilegeComparison CompareWith(string privileged)
    {
        var group =
            Groups.FirstOrDefault(group => group.Group == privileged)
            ?? throw new ArgumentException($"There is no group {privileged}.", nameof(privileged));
        return new PrivilegeComparison(group, GroupCounts.Join("others", Groups.Where(other => other != group)));
    }

    private static void Validate(IReadOnlyList<GroupCounts> groups)
    {
        var names = new HashSet<string>();
        foreach (var group in groups)
        {
            if (long.Min(group.TruePositives, group.FalsePositives) < 0
                || long.Min(group.TrueNegatives, group.FalseNegatives) < 0
                || long.Min(group.UnknownSelected, group.UnknownRejected) < 0)
            {
                throw new ArgumentException($"The counts of group {group.Group} must not be negative.", nameof(groups));
            }

            if (!names.Add(group.Group))
            {
                throw new ArgumentException($"The group {group.Group} occurs twice.", nameof(groups));
            }
        }
    }
}
