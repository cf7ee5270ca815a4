using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class ProportionTestTests
{
    // Expected: proportions_ztest and confint_proportions_2indep(method="wald") of statsmodels 0.13.5.
    [Theory]
    [InlineData(
        200, 1000, 250, 1000,
        2.677397763008329, 0.007419649261025687, 0.013463621687539826, 0.08653637831246015
    )]
    [InlineData(0, 50, 3, 60, 1.6031511026549947, 0.10890129793272194, -0.005146667167800663, 0.10514666716780066)]
    [InlineData(5, 9, 2, 11, -1.7433252820925416, 0.08127681157397229, -0.7703989730850325, 0.022924225610284954)]
    [InlineData(
        123456, 1000000, 124800, 1000000,
        2.882232894687152, 0.003948677586823127, 0.0004300606270440867, 0.0022579393729559093
    )]
    [InlineData(3, 4, 4, 4, 1.0690449676496976, 0.28504940740261275, -0.17434465027856444, 0.6743446502785644)]
    public void Compare_Counts_EqualsStatsmodels(
        long successes1, long count1, long successes2, long count2, double z, double p, double lower, double upper
    )
    {
        var test = ProportionTest.Compare(successes1, count1, successes2, count2)!;
        Approximately.Equal(z, test.Statistic, 1e-9);
        Approximately.Equal(p, test.PValue, 1e-9);
        Approximately.Equal(lower, test.Interval.Lower, 1e-9);
        Approximately.Equal(upper, test.Interval.Upper, 1e-9);
        Assert.Equal(0.95, test.Interval.Confidence);
        Assert.Null(test.DegreesOfFreedom);
    }

    [Theory]
    [InlineData(0, 0, 1, 2)]
    [InlineData(1, 2, 0, 0)]
    [InlineData(0, 10, 0, 20)]
    [InlineData(10, 10, 20, 20)]
    public void Compare_NothingVaries_IsNull(long successes1, long count1, long successes2, long count2) =>
        Assert.Null(ProportionTest.Compare(successes1, count1, successes2, count2));

    [Fact]
    public void Compare_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("controlSuccesses", () => ProportionTest.Compare(3, 2, 1, 2));
        Assert.Throws<ArgumentOutOfRangeException>("treatmentSuccesses", () => ProportionTest.Compare(1, 2, -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => ProportionTest.Compare(1, 2, 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => ProportionTest.Compare(1, 2, 1, 2, double.NaN));
    }

    // Expected: proportion_confint(method="wilson") of statsmodels 0.13.5.
    [Theory]
    [InlineData(250, 1000, 0.2241530989836914, 0.27776028025908617)]
    [InlineData(3, 60, 0.017149502164395668, 0.1370051647634852)]
    [InlineData(2, 11, 0.051367689746085105, 0.47698056196084426)]
    [InlineData(124800, 1000000, 0.12415368853938212, 0.12544919408024344)]
    [InlineData(4, 4, 0.5101091635454025, 1)]
    public void WilsonInterval_Counts_EqualsStatsmodels(long successes, long count, double lower, double upper)
    {
        var interval = ProportionTest.WilsonInterval(successes, count)!.Value;
        Approximately.Equal(lower, interval.Lower, 1e-9);
        Approximately.Equal(upper, interval.Upper, 1e-9);
    }

    [Fact]
    public void WilsonInterval_NoTrials_IsNull() => Assert.Null(ProportionTest.WilsonInterval(0, 0));
}
