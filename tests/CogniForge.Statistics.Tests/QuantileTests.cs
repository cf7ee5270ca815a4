namespace CogniForge.Statistics.Tests;

public class QuantileTests
{
    // Expected: numpy.quantile(sample, p) of NumPy 1.24.2, whose default method is "linear".
    [Theory]
    [InlineData(0.5, 50.5)]
    [InlineData(0.9, 90.10000000000001)]
    [InlineData(0.95, 95.05)]
    [InlineData(0.99, 99.01)]
    public void Linear_OneToHundred_EqualsNumpy(double p, double expected) =>
        Assert.Equal(expected, Quantile.Linear([.. Enumerable.Range(1, 100).Select(x => (double)x)], p));

    [Theory]
    [InlineData(0, -3.5)]
    [InlineData(0.1, -2.0599999999999996)]
    [InlineData(0.25, 0.1)]
    [InlineData(1.0 / 3, 0.1)]
    [InlineData(0.6, 0.8599999999999998)]
    [InlineData(0.9, 5.15)]
    [InlineData(0.999, 7.229)]
    [InlineData(1, 7.25)]
    public void Linear_TiesAndNegatives_EqualsNumpy(double p, double expected) =>
        Assert.Equal(expected, Quantile.Linear([-3.5, 0.1, 0.1, 2, 7.25], p), 1e-15);

    [Theory]
    [InlineData(0.25, 25.5)]
    [InlineData(0.5, 40)]
    [InlineData(0.75, 42.5)]
    public void Linear_OddSample_EqualsNumpy(double p, double expected) =>
        Assert.Equal(expected, Quantile.Linear([6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49], p));

    [Fact]
    public void Linear_OneValue_IsThatValue() => Assert.Equal(7, Quantile.Linear([7], 0.3));

    [Fact]
    public void Linear_RisingShare_IsMonotonicAndBounded()
    {
        double[] sorted = [0.1, 0.1, 0.3, 0.30000000000000004, 1e16, double.MaxValue];
        var last = sorted[0];
        for (var i = 0; i <= 1000; i++)
        {
            var quantile = Quantile.Linear(sorted, i / 1000.0);
            Assert.InRange(quantile, last, sorted[^1]);
            last = quantile;
        }
    }

    [Fact]
    public void Linear_RangeExceedsDouble_StaysFinite() =>
        Assert.Equal(0, Quantile.Linear([double.MinValue, double.MaxValue], 0.5));

    [Fact]
    public void Linear_InfiniteNeighbours_AreKept()
    {
        double[] sorted = [1, 2, double.PositiveInfinity, double.PositiveInfinity];
        Assert.Equal(2, Quantile.Linear(sorted, 1.0 / 3));
        Assert.Equal(double.PositiveInfinity, Quantile.Linear(sorted, 0.5));
        Assert.Equal(double.PositiveInfinity, Quantile.Linear(sorted, 0.9));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Linear_ShareOutOfRange_Throws(double p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Linear([1, 2], p));

    [Fact]
    public void Linear_EmptyOrNaN_Throws()
    {
        Assert.Throws<ArgumentException>("sorted", () => Quantile.Linear([], 0.5));
        double[] sample = [3, double.NaN, 1];
        Array.Sort(sample);
        Assert.Throws<ArgumentException>("sorted", () => Quantile.Linear(sample, 0.5));
    }
}
