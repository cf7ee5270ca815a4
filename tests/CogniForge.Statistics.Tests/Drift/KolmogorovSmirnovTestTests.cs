using CogniForge.Statistics.Drift;

namespace CogniForge.Statistics.Tests.Drift;

public class KolmogorovSmirnovTestTests
{
    private static readonly double[] _reference = [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58];
    private static readonly double[] _current = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];

    // Expected: ks_2samp of SciPy 1.10.1; the samples are those of Evidently's tests/stattests/test_stattests.py.
    [Theory]
    [InlineData(true, 0.08702408702408701)]
    [InlineData(false, 0.04931640625)]
    public void Compare_EvidentlySamples_EqualsScipy(bool exact, double p)
    {
        var result = KolmogorovSmirnovTest.Compare(_reference, _current, exact)!;
        Assert.Equal(0.625, result.Statistic);
        Approximately.Equal(p, result.PValue, 1e-9);
        Assert.Equal(exact, result.IsExact);
    }

    // Expected: ks_2samp(method="exact") and (method="asymp") of SciPy 1.10.1.
    [Theory]
    [InlineData(100, 130, 0.05, 0.05615384615384615, 0.9886059235952595, 0.9893361745965484)]
    [InlineData(300, 300, 0.04, 0.043333333333333335, 0.9414474696413693, 0.9291494109676325)]
    [InlineData(300, 200, 0.1, 0.105, 0.13505500365124082, 0.1320089795444189)]
    [InlineData(1000, 9999, 0.03, 0.0306992699269927, 0.35054234598949063, 0.35129451498909314)]
    [InlineData(7, 3, 0.4, 0.5714285714285714, 0.4, 0.3673469387755103)]
    [InlineData(50, 2000, 0.2, 0.2015, 0.03290697903298622, 0.032069522525179806)]
    [InlineData(1, 5, 3, 1, 0.3333333333333333, 0)]
    public void Compare_Series_EqualsScipy(int count1, int count2, double shift, double d, double exact, double limit)
    {
        var first = Series.Uniform(count1);
        var second = Series.Select(count2, x => (x * (1 - shift)) + shift);
        Approximately.Equal(d, KolmogorovSmirnovTest.Compare(first, second)!.Statistic, 1e-9);
        Approximately.Equal(exact, KolmogorovSmirnovTest.Compare(first, second, exact: true)!.PValue, 1e-6);
        Approximately.Equal(limit, KolmogorovSmirnovTest.Compare(first, second, exact: false)!.PValue, 1e-6);
    }

    // Expected: ks_2samp of SciPy 1.10.1, which is asymptotic above 10,000 values.
    [Theory]
    [InlineData(20_000, 15_000, 0.01, 0.3438981011552664)]
    [InlineData(20_000, 15_000, 0.005, 0.9782206015708946)]
    [InlineData(12_000, 5, 0.3, 0.4227651051746686)]
    [InlineData(12_000, 60, 0.1, 0.3847315555742731)]
    [InlineData(100_000, 100_000, 0.004, 0.3932226282390645)]
    [InlineData(11_000, 160, 0.05, 0.6780479324694488)]
    public void Compare_LargeSeries_EqualsScipy(int count1, int count2, double shift, double p)
    {
        var second = Series.Select(count2, x => (x * (1 - shift)) + shift);
        var result = KolmogorovSmirnovTest.Compare(Series.Uniform(count1), second)!;
        Approximately.Equal(p, result.PValue, 1e-6);
        Assert.False(result.IsExact);
    }

    // Expected: scipy.stats.kstwo.sf of SciPy 1.10.1.
    [Theory]
    [InlineData(4, 0.625, 0.04931640625)]
    [InlineData(10, 0.1, 0.99963712)]
    [InlineData(10, 0.27, 0.38905586707926754)]
    [InlineData(10, 0.05, 1.0)]
    [InlineData(50, 0.12, 0.4337679661310233)]
    [InlineData(100, 0.08, 0.5182193645480672)]
    [InlineData(140, 0.06, 0.6719092248862628)]
    [InlineData(141, 0.06, 0.6677160791348915)]
    [InlineData(500, 0.02, 0.9859871786857471)]
    [InlineData(500, 0.03, 0.7473166700457021)]
    [InlineData(5000, 0.01, 0.6954557253913853)]
    [InlineData(5000, 0.02, 0.03613941395325637)]
    [InlineData(5000, 0.03, 0.00024159234422666817)]
    [InlineData(1000000, 0.001, 0.26982107442589376)]
    [InlineData(1000000, 0.003, 3.039812751939269e-08)]
    [InlineData(3, 0.9, 0.0019999999999999987)]
    [InlineData(1, 0.7, 0.6)]
    [InlineData(200, 0.01, 1.0)]
    [InlineData(400, 0.12, 1.777190333723987e-05)]
    [InlineData(1, 0.4, 1.0)]
    public void OneSampleUpperTail_Distance_EqualsScipy(int count, double d, double p) =>
        Approximately.Ratio(p, OneSampleKolmogorov.UpperTail(count, d), 1e-6);

    // Expected: ks_2samp(method="exact") of SciPy 1.10.1.
    [Fact]
    public void Compare_Ties_EqualsScipy()
    {
        var result = KolmogorovSmirnovTest.Compare([1, 1, 2, 2, 3], [1, 2, 2, 2, 3, 4])!;
        Approximately.Equal(0.23333333333333334, result.Statistic, 1e-12);
        Approximately.Equal(0.9913419913419914, result.PValue, 1e-9);
    }

    [Fact]
    public void Compare_EqualSamples_HasPValueOne()
    {
        Assert.Equal(new KolmogorovSmirnovResult(0, 1, true), KolmogorovSmirnovTest.Compare([1, 1, 1], [1, 1]));
        var large = new double[20_000];
        Assert.Equal(new KolmogorovSmirnovResult(0, 1, false), KolmogorovSmirnovTest.Compare(large, large));
    }

    [Fact]
    public void Compare_DisjointSamples_KeepsTinyPValue()
    {
        // 2 of C(200, 100) orders are as extreme.
        var result = KolmogorovSmirnovTest.Compare(Series.Uniform(100), Series.Select(100, x => x + 2))!;
        Assert.Equal(1, result.Statistic);
        Approximately.Ratio(2 / 9.054851465610328e58, result.PValue, 1e-9);
    }

    [Fact]
    public void Compare_Empty_IsNull()
    {
        Assert.Null(KolmogorovSmirnovTest.Compare([], [1]));
        Assert.Null(KolmogorovSmirnovTest.Compare([1], []));
    }

    [Fact]
    public void Compare_NotFinite_NamesTheParameter()
    {
        Assert.Throws<ArgumentException>("first", () => KolmogorovSmirnovTest.Compare([double.NaN, 1], [1]));
        Assert.Throws<ArgumentException>(
            "second",
            () => KolmogorovSmirnovTest.Compare([1], [1, double.PositiveInfinity])
        );
    }
}
