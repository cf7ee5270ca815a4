using CogniForge.Statistics.Fairness;

namespace CogniForge.Statistics.Tests.Fairness;

public class FairnessReportTests
{
    // The example of Fairlearn's user guide (docs/user_guide/assessment).
    private static readonly int[] _actual = [0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    private static readonly int[] _predicted = [0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0];
    private static readonly string[] _groups = [.. "bbabbcccaacabccbcc".Select(group => group.ToString())];

    // Expected: the figures of Fairlearn's user guide.
    [Fact]
    public void FromGroups_FairlearnExample_EqualsUserGuide()
    {
        var report = FairnessReport.FromGroups(FairlearnExample());
        Assert.Equal(["a", "b", "c"], report.Groups.Select(group => group.Group));
        Assert.Equal([4, 6, 8], report.Groups.Select(group => group.Count));
        Rates([0.75, 0.5, 0.5], group => group.SelectionRate);
        Rates([0.5, 0.6, 0.4], group => group.TruePositiveRate);
        Rates([1, 0, 2 / 3.0], group => group.FalsePositiveRate);
        Approximately.Equal(0.25, report.DemographicParityDifference, 1e-9);
        Approximately.Equal(2 / 3.0, report.DemographicParityRatio, 1e-9);
        Approximately.Equal(1, report.EqualizedOddsDifference, 1e-9);
        Approximately.Equal(0, report.EqualizedOddsRatio, 1e-9);
        Approximately.Equal(0.2, report.EqualOpportunityDifference, 1e-9);
        Approximately.Equal(2 / 3.0, report.EqualOpportunityRatio, 1e-9);
        Approximately.Equal(0.19444444444444442, report.Selection!.DifferenceToOverall, 1e-9);
        Approximately.Equal(0.8, report.TruePositive!.RatioToOverall, 1e-9);
        Approximately.Equal(2 / 3.0, report.FalsePositive!.DifferenceToOverall, 1e-6);
        Assert.True(report.IsBelowFourFifths);

        void Rates(double[] expected, Func<GroupCounts, double?> rate)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                Approximately.Equal(expected[i], rate(report.Groups[i]), 1e-9);
            }
        }
    }

    [Fact]
    public void CompareWith_PrivilegedGroup_HasSign()
    {
        // b is selected at 1/2, the others at 7/12; their true positive rates are 3/5 and 3/7, false positive 0 and
        // 4/5.
        var comparison = FairnessReport.FromGroups(FairlearnExample()).CompareWith("b");
        Approximately.Equal((7 / 12.0) - 0.5, comparison.StatisticalParityDifference, 1e-12);
        Approximately.Equal(7 / 6.0, comparison.DisparateImpactRatio, 1e-12);
        Approximately.Equal((3 / 7.0) - 0.6, comparison.EqualOpportunityDifference, 1e-12);
        Approximately.Equal((0.8 + (3 / 7.0) - 0.6) / 2, comparison.AverageOddsDifference, 1e-12);
        Approximately.Equal((0.8 + 0.6 - (3 / 7.0)) / 2, comparison.AverageOddsError, 1e-12);
    }

    [Fact]
    public void FromGroups_GroupWithoutPositives_IsNotEstimable()
    {
        var report = FairnessReport.FromGroups([new("a", 3, 1, 4, 2), new("b", 0, 2, 3, 0)]);
        Assert.Null(report.EqualOpportunityDifference);
        Assert.Null(report.EqualizedOddsDifference);
        Assert.Null(report.EqualizedOddsRatio);
        Approximately.Equal(0, report.DemographicParityDifference, 1e-12);
        Assert.Null(report.Groups[1].TruePositiveRate);
        Assert.Null(report.CompareWith("a").AverageOddsDifference);
        Assert.Null(report.CompareWith("a").AverageOddsError);
    }

    // As Fairlearn's selection_rate, which ignores y_true.
    [Fact]
    public void FromRows_UnknownTruth_CountsForSelectionOnly()
    {
        var group = Assert.Single(
            GroupCounts.FromRows([true, null, null, false], [true, true, false, false], ["a", "a", "a", "a"])
        );
        Assert.Equal(new("a", 1, 0, 1, 0, 1, 1), group);
        Assert.Equal((4, 2), (group.Count, group.GroundTruths));
        Assert.Equal((0.5, 1, 0), (group.SelectionRate, group.TruePositiveRate, group.FalsePositiveRate));
        var report = FairnessReport.FromGroups([group, new("b", 0, 0, 0, 0, 1, 3)]);
        Assert.Equal(0.5, report.DemographicParityRatio);
        Assert.Equal(0.25, report.CompareWith("b").StatisticalParityDifference);
        Assert.Null(report.EqualOpportunityDifference);
    }

    [Fact]
    public void FromGroups_NothingSelected_HasNoRatio()
    {
        var report = FairnessReport.FromGroups([new("a", 0, 0, 4, 2), new("b", 0, 0, 3, 1)]);
        Assert.Equal(0, report.DemographicParityDifference);
        Assert.Null(report.DemographicParityRatio);
        Assert.Null(report.IsBelowFourFifths);
        Assert.Null(report.CompareWith("a").DisparateImpactRatio);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public void IsBelowFourFifths_Ratio_ComparesStrictly(int selected, bool expected)
    {
        var report = FairnessReport.FromGroups([new("a", 5, 0, 5, 0), new("b", selected, 0, 10 - selected, 0)]);
        Assert.Equal(expected, report.IsBelowFourFifths);
    }

    [Fact]
    public void FromGroups_NoneOrOne_IsDefined()
    {
        Assert.Null(FairnessReport.FromGroups([]).Selection);
        var report = FairnessReport.FromGroups([new("a", 1, 1, 1, 1)]);
        Assert.Equal(new RateDisparity(0, 1, 0, 1), report.Selection);
        Assert.Null(report.CompareWith("a").StatisticalParityDifference);
    }

    [Fact]
    public void Functions_OutOfRange_NameTheParameter()
    {
        Assert.Throws<ArgumentException>("groups", () => FairnessReport.FromGroups([new("a", 1, -1, 1, 1)]));
        Assert.Throws<ArgumentException>(
            "groups",
            () => FairnessReport.FromGroups([new("a", 1, 1, 1, 1), new("a", 1, 1, 1, 1)])
        );
        Assert.Throws<ArgumentException>("privileged", () => FairnessReport.FromGroups([]).CompareWith("x"));
        Assert.Throws<ArgumentException>("groups", () => GroupCounts.FromRows([true], [true], []));
        Assert.Throws<ArgumentException>("isSelected", () => GroupCounts.FromRows([true], [], ["a"]));
    }

    private static IReadOnlyList<GroupCounts> FairlearnExample() =>
        GroupCounts.FromRows([.. _actual.Select(x => (bool?)(x == 1))], [.. _predicted.Select(x => x == 1)], _groups);
}
