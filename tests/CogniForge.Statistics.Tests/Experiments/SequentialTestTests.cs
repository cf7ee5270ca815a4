using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class SequentialTestTests
{
    // Expected: gbstats' own tests (tests/frequentist/test_tests.py) to 5 digits, its formulas in NumPy 1.24.2 to all.
    [Fact]
    public void CompareLift_Means_EqualsGrowthBook()
    {
        var test = SequentialTest.CompareLift(Control, Treatment, tuningCount: 1000)!;
        Approximately.Equal(0.5033610858562358, test.Effect, 1e-9);
        Approximately.Equal(0.3334122146400735, test.StandardError, 1e-9);
        Approximately.Equal(-0.5584405051077315, test.Interval.Lower, 1e-9);
        Approximately.Equal(1.5651626768202032, test.Interval.Upper, 1e-9);
        Assert.Equal(1, test.PValue);
    }

    [Fact]
    public void CompareLift_Rates_EqualsGrowthBook()
    {
        var test = SequentialTest.CompareLift(
            SampleMoments.FromSuccesses(1396, 3000),
            SampleMoments.FromSuccesses(2422, 3461)
        )!;

        Approximately.Equal(0.4009784966859415, test.Interval.Lower, 1e-9);
        Approximately.Equal(0.6067482066783577, test.Interval.Upper, 1e-9);
        Approximately.Ratio(5.174716682839852e-44, test.PValue, 1e-9);
    }

    [Fact]
    public void Compare_Means_EqualsFormula()
    {
        var test = SequentialTest.Compare(Control, Treatment)!;
        Approximately.Equal(-0.16011652842982782, test.Interval.Lower, 1e-9);
        Approximately.Equal(0.6288698617631612, test.Interval.Upper, 1e-9);
        Approximately.Equal(0.7601250075467714, test.PValue, 1e-9);
    }

    // τ² = ρ²·N·se² makes the mixture's p that of the confidence sequence.
    [Theory]
    [InlineData(0.23437666666666668, 0.12983081254184736, 0.17286035737306948, 0.7601250075467714)]
    [InlineData(0.03466666666666668, 0.012456572533355054, 0.0012689728222316599, 0.09611538787970265)]
    [InlineData(0, 1, 1, 1)]
    public void MixturePValue_Estimate_EqualsFormula(double effect, double error, double mixing, double p) =>
        Approximately.Equal(p, SequentialTest.MixturePValue(new EffectEstimate(effect, error), mixing), 1e-9);

    [Fact]
    public void Compare_PValueAtAlpha_IntervalTouchesZero()
    {
        // The duality of test and interval: they are inversions of one another.
        var control = new SampleMoments(4000, 0, 1);
        var halfWidth = SequentialTest.Compare(control, new SampleMoments(4000, 0, 1))!.Interval.Upper;
        var test = SequentialTest.Compare(control, new SampleMoments(4000, halfWidth, 1))!;
        Approximately.Equal(0, test.Interval.Lower, 1e-12);
        Approximately.Equal(0.05, test.PValue, 1e-12);
    }

    [Fact]
    public void Compare_NotEstimable_IsNull()
    {
        Assert.Null(SequentialTest.Compare(default, Treatment));
        Assert.Null(SequentialTest.Compare(new SampleMoments(1, 1, 0), new SampleMoments(1, 2, 0)));
        Assert.Null(SequentialTest.Compare(new SampleMoments(9, 1, 0), new SampleMoments(9, 2, 0)));
    }

    [Fact]
    public void Compare_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("alpha", () => SequentialTest.Compare(default, default, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            "tuningCount",
            () => SequentialTest.Compare(default, default, tuningCount: 0)
        );
        Assert.Throws<ArgumentOutOfRangeException>("estimate", () => SequentialTest.MixturePValue(default, 1));
    }

    private static SampleMoments Control => SampleMoments.FromSums(3000, 1396.87, 52377.9767);

    private static SampleMoments Treatment => SampleMoments.FromSums(3461, 2422.7, 134698.29);
}
