using CogniForge.Statistics.Drift;

namespace CogniForge.Statistics.Tests.Drift;

public class DistanceTests
{
    // The counts of Evidently's tests/stattests/test_stattests.py.
    private static readonly double[] _reference = [16, 18, 16, 14, 12, 12];
    private static readonly double[] _current = [16, 16, 16, 16, 16, 8];

    // Expected: scipy.spatial.distance.jensenshannon and scipy.stats.entropy of SciPy 1.10.1, the others by NumPy
    // 1.24.2.
    [Fact]
    public void Divergences_EvidentlyCounts_EqualScipy()
    {
        Approximately.Equal(0.06804819617703864, Divergence.JensenShannonDistance(_reference, _current), 1e-9);
        Approximately.Equal(0.08173421330573753, Divergence.JensenShannonDistance(_reference, _current, 2), 1e-9);
        Approximately.Equal(0.01890967696532027, Divergence.KullbackLeibler(_reference, _current), 1e-9);
        Approximately.Equal(0.06812774370983345, Divergence.Hellinger(_reference, _current), 1e-9);
        Approximately.Equal(0.06818181818181819, Divergence.TotalVariation(_reference, _current), 1e-9);
        var (r, c) = (_reference.Select(x => x / 88).ToArray(), _current.Select(x => x / 88).ToArray());
        Approximately.Equal(0.037218381577290835, Divergence.PopulationStabilityIndex(r, c), 1e-9);
    }

    // Expected: scipy.stats.chisquare of SciPy 1.10.1.
    [Fact]
    public void ChiSquare_EvidentlyCounts_EqualsScipy()
    {
        var result = ChiSquareTest.Compare([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8])!;
        Approximately.Equal(3.1746031746031744, result.Statistic, 1e-9);
        Approximately.Equal(0.6730876006966301, result.PValue, 1e-9);
        Assert.Equal(5, result.DegreesOfFreedom);
    }

    [Fact]
    public void ChiSquare_NewCategory_HasPValueZero()
    {
        var result = ChiSquareTest.Compare([10, 0], [9, 1])!;
        Assert.Equal((double.PositiveInfinity, 0.0), (result.Statistic, result.PValue));
    }

    [Fact]
    public void ChiSquare_AbsentCategory_CostsNoFreedom() =>
        Assert.Equal(ChiSquareTest.Compare([10, 5], [9, 1]), ChiSquareTest.Compare([10, 0, 5], [9, 0, 1]));

    [Fact]
    public void ChiSquare_Extremes_AreDefined()
    {
        Assert.Equal(new ChiSquareResult(0, 0, 1), ChiSquareTest.Compare([10], [3]));
        Assert.Null(ChiSquareTest.Compare([0, 0], [1, 2]));
        Assert.Null(ChiSquareTest.Compare([], []));
        Assert.Throws<ArgumentException>("current", () => ChiSquareTest.Compare([1, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>("reference", () => ChiSquareTest.Compare([-1], [1]));
    }

    // Expected: scipy.spatial.distance.jensenshannon of SciPy 1.10.1.
    [Theory]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.0, 1 }, 2, 1)]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.0, 1 }, Math.E, 0.8325546111576977)]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.5, 0.5 }, Math.E, 0.46450140402245893)]
    [InlineData(new[] { 3.0, 1 }, new[] { 0.75, 0.25 }, 2, 0)]
    public void JensenShannon_Shares_EqualsScipy(double[] p, double[] q, double logarithmBase, double expected) =>
        Approximately.Equal(expected, Divergence.JensenShannonDistance(p, q, logarithmBase), 1e-9);

    [Fact]
    public void Divergences_DisjointShares_HitTheirBounds()
    {
        double[] p = [1, 0];
        double[] q = [0, 1];
        Assert.Equal(1, Divergence.Hellinger(p, q));
        Assert.Equal(1, Divergence.TotalVariation(p, q));
        Assert.Equal(double.PositiveInfinity, Divergence.KullbackLeibler(p, q));
        Assert.Equal(double.PositiveInfinity, Divergence.PopulationStabilityIndex(p, q));
        Assert.Equal(0, Divergence.PopulationStabilityIndex(p, p));
    }

    [Fact]
    public void Divergences_OutOfRange_NameTheParameter()
    {
        Assert.Throws<ArgumentException>("q", () => Divergence.Hellinger([1], [1, 2]));
        Assert.Throws<ArgumentException>("p", () => Divergence.KullbackLeibler([0, 0], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("q", () => Divergence.TotalVariation([1, 0], [1, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            "logarithmBase",
            () => Divergence.JensenShannonDistance([1], [1], 1)
        );
    }

    // Expected: scipy.stats.wasserstein_distance of SciPy 1.10.1.
    [Theory]
    [InlineData(new[] { 0.0, 1, 3 }, new[] { 5.0, 6, 8 }, 5)]
    [InlineData(new[] { 3.4, 3.9, 7.5, 7.8 }, new[] { 4.5, 1.4 }, 2.7)]
    [InlineData(new[] { 0.0, 0, 1, 1, 1 }, new[] { 0.0, 2 }, 0.6)]
    [InlineData(
        new[] { 38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58 },
        new[] { 39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8 },
        4.162500000000001
    )]
    public void Wasserstein_Samples_EqualsScipy(double[] first, double[] second, double expected)
    {
        Approximately.Equal(expected, Wasserstein.Distance(first, second), 1e-9);
        Approximately.Equal(expected, Wasserstein.Distance(second, first), 1e-9);
    }

    [Fact]
    public void WassersteinNormed_ConstantReference_DividesByFloor()
    {
        Approximately.Equal(500, Wasserstein.NormedDistance([1, 1], [1.5, 1.5]), 1e-9);
        Assert.Null(Wasserstein.NormedDistance([], [1]));
    }

    [Fact]
    public void WassersteinNormed_EvidentlySamples_EqualsScipy() =>
        Approximately.Equal(
            0.781236105789365,
            Wasserstein.NormedDistance(
                [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58],
                [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8]
            ),
            1e-9
        );

    [Fact]
    public void FillEmpty_SmallestShare_DecidesTheFilling()
    {
        var filled = new BinnedShares([0.5, 0.5, 0], [0.99995, 0.00005, 0]).FillEmpty();
        Assert.Equal(0.0001, filled.Reference[2]);
        Assert.Equal(0.00005 / 1e6, filled.Current[2]);
    }

    // Expected: np.histogram with bins="sturges" of NumPy 1.24.2: 16 values give 5 bins, and the last includes its
    // edge.
    [Fact]
    public void Sturges_SixteenValues_EqualsNumpy()
    {
        double[] reference = [0, 1, 2, 3, 4, 5, 6, 7];
        double[] current = [2, 2, 4, 6, 8, 10, 10, 10];
        var shares = Binning.Sturges(reference, current, 16);
        Assert.Equal([0.25, 0.25, 0.25, 0.25, 0], shares.Reference);
        Assert.Equal([0, 0.25, 0.125, 0.125, 0.5], shares.Current);
    }

    [Fact]
    public void Sturges_OneValue_IsOneBin()
    {
        var shares = Binning.Sturges([3, 3], [3], 3);
        Assert.Equal([1.0], shares.Reference);
        Assert.Equal([1.0], shares.Current);
    }

    [Fact]
    public void Sturges_HugeRange_StaysFinite()
    {
        var shares = Binning.Sturges([double.MinValue, 0], [double.MaxValue, 1], 4);
        Assert.Equal([0.5, 0.5, 0], shares.Reference);
        Assert.Equal([0, 0.5, 0.5], shares.Current);
    }

    [Fact]
    public void Bin_NotFiniteOrEmpty_NamesTheParameter()
    {
        Assert.Throws<ArgumentException>("reference", () => Binning.Bin([], [1]));
        Assert.Throws<ArgumentException>("current", () => Binning.Bin([1], [double.NaN]));
    }
}
