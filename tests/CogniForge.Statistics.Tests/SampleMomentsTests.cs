namespace CogniForge.Statistics.Tests;

public class SampleMomentsTests
{
    [Fact]
    public void FromValues_LargeMean_KeepsPrecision()
    {
        var moments = SampleMoments.FromValues([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
        Assert.Equal(1e9 + 10, moments.Mean!.Value, 1e-9);
        Assert.Equal(30, moments.Variance!.Value, 1e-9);
    }

    [Fact]
    public void FromValues_NoneOrOne_HasNoVariance()
    {
        Assert.Equal((0L, (double?)null, (double?)null), Parts(SampleMoments.FromValues([])));
        Assert.Equal((1L, 7.0, (double?)null), Parts(SampleMoments.FromValues([7])));
        Assert.Equal((2L, 7.0, 0.0), Parts(SampleMoments.FromValues([7, 7])));
    }

    [Fact]
    public void FromValues_Million_EqualsExactMoments()
    {
        var moments = SampleMoments.FromValues([.. Enumerable.Range(1, 1_000_000).Select(x => x * 0.1)]);
        Assert.Equal(50_000.05, moments.Mean!.Value, 1e-9);
        Assert.Equal(1, moments.Variance!.Value / (1_000_000.0 * 1_000_001 / 12 * 0.01), 1e-12);
    }

    [Fact]
    public void FromSums_SameSample_EqualsFromValues()
    {
        var moments = SampleMoments.FromSums(4, 10, 30);
        Assert.Equal(2.5, moments.Mean);
        Assert.Equal(5.0 / 3, moments.Variance!.Value, 1e-15);
    }

    [Fact]
    public void FromSuccesses_Rate_HasBinomialVariance()
    {
        Assert.Equal((8L, 0.25, 0.1875), Parts(SampleMoments.FromSuccesses(2, 8)));
        Assert.Equal(default, SampleMoments.FromSuccesses(0, 0));
    }

    [Fact]
    public void Create_OutOfRange_NamesTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => new SampleMoments(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>("mean", () => new SampleMoments(1, double.NaN, 0));
        Assert.Throws<ArgumentOutOfRangeException>("variance", () => new SampleMoments(2, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("successes", () => SampleMoments.FromSuccesses(9, 8));
        Assert.Throws<ArgumentException>("values", () => SampleMoments.FromValues([1, double.NaN]));
        Assert.Throws<ArgumentException>("values", () => SampleMoments.FromValues([double.MaxValue, double.MinValue]));
    }

    private static (long Count, double? Mean, double? Variance) Parts(SampleMoments moments) =>
        (moments.Count, moments.Mean, moments.Variance);
}
