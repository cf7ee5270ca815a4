using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class WelchTestTests
{
    // Expected: CompareMeans.ttest_ind and tconfint_diff (usevar="unequal") of statsmodels 0.13.5, whose quantile of t
    // is accurate to 8 digits.
    [Theory]
    [InlineData(
        new[] { 38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58 },
        new[] { 39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8 },
        0.05, -1.8594523396226919, 0.0951205647234383, 9.217031184611528, -8.931834174847115, 0.8568341748471111
    )]
    [InlineData(
        new[] { 1.0, 2 }, new[] { 5.0, 9, 7 },
        0.01, 4.370956778314644, 0.028802786365981024, 2.6350364963503656, -2.9554737718636517, 13.955473771863652
    )]
    [InlineData(
        new[] { 1e9 + 1, 1e9 + 2, 1e9 + 4 }, new[] { 1e9 + 2, 1e9 + 2.5, 1e9 + 7, 1e9 + 1 },
        0.05, 0.4964034221433365, 0.6414054359500088, 4.821731462655718, -3.3539207052199735, 4.937253959080447
    )]
    public void Compare_Values_EqualsStatsmodels(
        double[] control, double[] treatment, double alpha, double t, double p, double df, double lower, double upper
    )
    {
        var test = WelchTest.Compare(SampleMoments.FromValues(control), SampleMoments.FromValues(treatment), alpha)!;
        Approximately.Equal(t, test.Statistic, 1e-9);
        Approximately.Equal(p, test.PValue, 1e-9);
        Approximately.Equal(df, test.DegreesOfFreedom, 1e-9);
        Approximately.Equal(lower, test.Interval.Lower, 1e-6);
        Approximately.Equal(upper, test.Interval.Upper, 1e-6);
    }

    // Expected: ttest_ind_from_stats(equal_var=False) of SciPy 1.10.1.
    [Theory]
    [InlineData(0.4, 3.3, 1_000_000, 0.402, 3.1, 900_000, 0.4306528201782554, 0.6667208776560681)]
    [InlineData(10, 0.001, 500, 10.01, 50, 12, 0.0006928203230242106, 0.9994596143882404)]
    [InlineData(0, 1, 100, 9, 1, 100, 63.63961030678928, 8.768096062847796e-134)]
    public void Compare_Moments_EqualsScipy(
        double mean1, double deviation1, int count1, double mean2, double deviation2, int count2, double t, double p
    )
    {
        var test = WelchTest.Compare(
            new SampleMoments(count1, mean1, deviation1 * deviation1),
            new SampleMoments(count2, mean2, deviation2 * deviation2)
        )!;
        Approximately.Ratio(t, test.Statistic, 1e-9);
        Approximately.Ratio(p, test.PValue, 1e-9);
    }

    // Expected: gbstats' own test (tests/frequentist/test_tests.py) to 5 digits, by SciPy 1.10.1 to all.
    [Fact]
    public void CompareAndLift_Sums_EqualGrowthBook()
    {
        var control = SampleMoments.FromSums(3407, 1396.87, 52377.9767);
        var treatment = SampleMoments.FromSums(3461, 2422.7, 134698.29);
        var difference = WelchTest.Compare(control, treatment)!;
        Approximately.Equal(0.29, difference.Effect, 1e-9);
        Approximately.Equal(0.12478363158758794, difference.StandardError, 1e-9);
        Approximately.Equal(0.045377892559290034, difference.Interval.Lower, 1e-9);
        Approximately.Equal(0.5346221074407099, difference.Interval.Upper, 1e-9);
        Approximately.Equal(0.020158402643586957, difference.PValue, 1e-9);
        Approximately.Equal(5841.742032093565, difference.DegreesOfFreedom, 1e-9);

        var lift = WelchTest.CompareLift(control, treatment)!;
        Approximately.Equal(0.7073170731707317, lift.Effect, 1e-9);
        Approximately.Equal(0.3787943616681428, lift.StandardError, 1e-9);
        Approximately.Equal(-0.035260089066117994, lift.Interval.Lower, 1e-9);
        Approximately.Equal(1.4498942354075814, lift.Interval.Upper, 1e-9);
        Approximately.Equal(0.06191182745618358, lift.PValue, 1e-9);
    }

    [Fact]
    public void CompareLift_NegativeBaseline_KeepsTheDirection()
    {
        var lift = WelchTest.CompareLift(new SampleMoments(10, -4, 1), new SampleMoments(10, -3, 1))!;
        Assert.Equal(0.25, lift.Effect);
    }

    [Fact]
    public void Compare_NotEstimable_IsNull()
    {
        var varying = new SampleMoments(5, 1, 1);
        Assert.Null(WelchTest.Compare(default, varying));
        Assert.Null(WelchTest.Compare(varying, new SampleMoments(1, 3, 0)));
        Assert.Null(WelchTest.Compare(new SampleMoments(5, 1, 0), new SampleMoments(5, 2, 0)));
        Assert.Null(WelchTest.CompareLift(new SampleMoments(5, 0, 1), varying));
        Assert.Null(WelchTest.CompareLift(new SampleMoments(5, double.Epsilon, 1), varying));
    }

    [Fact]
    public void Compare_OneConstantArm_UsesTheOthersFreedom()
    {
        var test = WelchTest.Compare(new SampleMoments(5, 1, 0), new SampleMoments(8, 2, 2))!;
        Approximately.Equal(7, test.DegreesOfFreedom, 1e-12);
        Approximately.Equal(2, test.Statistic, 1e-12);
    }

    [Fact]
    public void Compare_TinyVariances_StaysFinite()
    {
        var test = WelchTest.Compare(new SampleMoments(5, 1, 1e-200), new SampleMoments(5, 1, 1e-200))!;
        Assert.Equal(1, test.PValue);
        Approximately.Equal(8, test.DegreesOfFreedom, 1e-12);
    }
}
