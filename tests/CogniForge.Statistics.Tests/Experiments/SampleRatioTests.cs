using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class SampleRatioTests
{
    // Expected: GrowthBook's packages/back-end/test/stats.test.ts for the first three; all by scipy.stats.chisquare
    // 1.10.1.
    [Theory]
    [InlineData(new long[] { 1000, 1200 }, new[] { 0.5, 0.5 }, 18.181818181818183, 2.007865612426481e-05, true)]
    [InlineData(new long[] { 135, 115 }, new[] { 0.5, 0.5 }, 1.6, 0.20590321073206466, false)]
    [InlineData(new long[] { 310, 98 }, new[] { 3.0, 1 }, 0.20915032679738563, 0.647434185701797, false)]
    [InlineData(new long[] { 4500, 5500 }, new[] { 1.0, 1 }, 100, 1.5239706048320995e-23, true)]
    [InlineData(new long[] { 334, 333, 300 }, new[] { 1.0, 1, 1 }, 2.3226473629782833, 0.313071499541425, false)]
    [InlineData(
        new long[] { 90000, 10400, 10100 }, new[] { 0.81, 0.09, 0.09 }, 14.660633484162727, 0.0006553659722651402, true
    )]
    public void Check_Counts_EqualsScipy(long[] counts, double[] weights, double statistic, double p, bool isMismatch)
    {
        var result = SampleRatio.Check(counts, weights)!;
        Approximately.Equal(statistic, result.Statistic, 1e-9);
        Approximately.Ratio(p, result.PValue, 1e-9);
        Assert.Equal(counts.Length - 1, result.DegreesOfFreedom);
        Assert.Equal(isMismatch, result.IsMismatch);
    }

    [Fact]
    public void Check_ArmOfWeightZero_IsLeftOut()
    {
        var result = SampleRatio.Check([135, 7, 115], [1, 0, 1])!;
        Assert.Equal(SampleRatio.Check([135, 115], [1, 1]), result);
    }

    [Fact]
    public void Check_OneArm_HasPValueOne() =>
        Assert.Equal(new SampleRatioResult(0, 0, 1, false), SampleRatio.Check([1000], [1]));

    [Fact]
    public void Check_NoUnits_IsNull() => Assert.Null(SampleRatio.Check([0, 0], [1, 1]));

    [Fact]
    public void Check_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentException>("weights", () => SampleRatio.Check([1, 2], [1]));
        Assert.Throws<ArgumentException>("weights", () => SampleRatio.Check([1, 2], [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => SampleRatio.Check([1, 2], [1, -1]));
        Assert.Throws<ArgumentOutOfRangeException>("counts", () => SampleRatio.Check([1, -2], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("threshold", () => SampleRatio.Check([1, 2], [1, 1], 1));
    }
}
