using CogniForge.Statistics.Drift;

namespace CogniForge.Statistics.Tests.Drift;

public class DriftDetectorTests
{
    // Expected: Evidently's functions (src/evidently/legacy/calculations/stattests, October 2026) with SciPy 1.10.1 and
    // NumPy 1.24.2, on x² against x²·(1 − shift) + shift for the uniform series.
    [Theory]
    [InlineData(900, 700, 0.05, DriftTest.JensenShannon, 0.08942965319727286)]
    [InlineData(900, 700, 0.05, DriftTest.PopulationStabilityIndex, 0.06438637601977434)]
    [InlineData(900, 700, 0.05, DriftTest.KullbackLeibler, 0.033357773370360125)]
    [InlineData(900, 700, 0.05, DriftTest.Hellinger, 0.08957047718321408)]
    [InlineData(900, 700, 0.05, DriftTest.Wasserstein, 0.11074441859414719)]
    [InlineData(900, 700, 0.05, DriftTest.KolmogorovSmirnov, 1.61258200072776e-17)]
    [InlineData(2000, 1500, 0.03, DriftTest.JensenShannon, 0.049711078235691326)]
    [InlineData(2000, 1500, 0.03, DriftTest.PopulationStabilityIndex, 0.01980576302238989)]
    [InlineData(2000, 1500, 0.03, DriftTest.KullbackLeibler, 0.0100835169292887)]
    [InlineData(2000, 1500, 0.03, DriftTest.Hellinger, 0.04973382169546752)]
    [InlineData(2000, 1500, 0.03, DriftTest.Wasserstein, 0.06656386443135551)]
    [InlineData(2000, 1500, 0.03, DriftTest.KolmogorovSmirnov, 7.376367050114304e-23)]
    [InlineData(256, 256, 0.3, DriftTest.JensenShannon, 0.5068456625735983)]
    [InlineData(256, 256, 0.3, DriftTest.PopulationStabilityIndex, 4.75116514281445)]
    [InlineData(256, 256, 0.3, DriftTest.KullbackLeibler, 3.8595011806726522)]
    [InlineData(256, 256, 0.3, DriftTest.Hellinger, 0.5857126190785824)]
    [InlineData(256, 256, 0.3, DriftTest.Wasserstein, 0.6732967403363568)]
    [InlineData(30, 2, 0.5, DriftTest.JensenShannon, 0.6502387678692825)]
    [InlineData(30, 2, 0.5, DriftTest.PopulationStabilityIndex, 7.464154246417671)]
    [InlineData(30, 2, 0.5, DriftTest.KullbackLeibler, 5.8581073673402075)]
    [InlineData(30, 2, 0.5, DriftTest.Hellinger, 0.7434960689203689)]
    [InlineData(30, 2, 0.5, DriftTest.KolmogorovSmirnov, 0.18145161290322573)]
    public void CompareNumbers_Continuous_EqualsEvidently(
        int count1, int count2, double shift, DriftTest test, double expected
    )
    {
        var reference = Series.Select(count1, x => x * x);
        var current = Series.Select(count2, x => (x * x * (1 - shift)) + shift);
        var result = DriftDetector.CompareNumbers(reference, current, new DriftOptions { Test = test })!;
        Assert.Equal(test, result.Test);
        Approximately.Ratio(expected, result.Score, 1e-6);
    }

    // Expected: as above, on ⌊k₁·x²⌋ against ⌊k₂·x⌋.
    [Theory]
    [InlineData(900, 700, 4, 4, DriftTest.JensenShannon, 0.18947313963945048)]
    [InlineData(900, 700, 4, 4, DriftTest.PopulationStabilityIndex, 0.2919715915372557)]
    [InlineData(900, 700, 4, 4, DriftTest.KullbackLeibler, 0.1503314212432006)]
    [InlineData(900, 700, 4, 4, DriftTest.TotalVariation, 0.24857142857142858)]
    [InlineData(900, 700, 4, 4, DriftTest.ChiSquare, 7.52607533245406e-43)]
    [InlineData(900, 700, 4, 4, DriftTest.Hellinger, 0.1895572188316378)]
    [InlineData(900, 700, 4, 4, DriftTest.Wasserstein, 0.5229156078692342)]
    [InlineData(300, 200, 8, 9, DriftTest.JensenShannon, 0.28652722470763503)]
    [InlineData(300, 200, 8, 9, DriftTest.PopulationStabilityIndex, 1.1371949128241818)]
    [InlineData(300, 200, 8, 9, DriftTest.KullbackLeibler, 0.317470926060573)]
    [InlineData(300, 200, 8, 9, DriftTest.Hellinger, 0.23810166676593383)]
    [InlineData(20000, 11000, 15, 16, DriftTest.JensenShannon, 0.26214219582612036)]
    [InlineData(20000, 11000, 15, 16, DriftTest.PopulationStabilityIndex, 0.8003477181008976)]
    [InlineData(20000, 11000, 15, 16, DriftTest.KullbackLeibler, 0.2903372849275271)]
    [InlineData(20000, 11000, 15, 16, DriftTest.Hellinger, 0.22005703057856155)]
    public void CompareNumbers_Discrete_EqualsEvidently(
        int count1, int count2, int levels1, int levels2, DriftTest test, double expected
    )
    {
        var (reference, current) = Discrete(count1, count2, levels1, levels2);
        var result = DriftDetector.CompareNumbers(reference, current, new DriftOptions { Test = test })!;
        Approximately.Ratio(expected, result.Score, 1e-6);
    }

    // Expected: as above, as categories.
    [Theory]
    [InlineData(900, 700, 4, 4, DriftTest.Hellinger, 0.19025010988183108)]
    [InlineData(3000, 2500, 5, 5, DriftTest.JensenShannon, 0.19778911388540352)]
    [InlineData(3000, 2500, 5, 5, DriftTest.ChiSquare, 2.915042838670485e-160)]
    [InlineData(300, 200, 8, 9, DriftTest.Hellinger, 0.3161150658633813)]
    [InlineData(300, 200, 8, 9, DriftTest.TotalVariation, 0.2833333333333334)]
    public void CompareCategories_Values_EqualsEvidently(
        int count1, int count2, int levels1, int levels2, DriftTest test, double expected
    )
    {
        var (reference, current) = Discrete(count1, count2, levels1, levels2);
        var result = DriftDetector.CompareCategories<string>(
            [.. reference.Select(x => $"c{x}")],
            [.. current.Select(x => $"c{x}")],
            new DriftOptions { Test = test }
        )!;
        Approximately.Ratio(expected, result.Score, 1e-6);
    }

    // Expected: as above: a new category makes p 0.
    [Fact]
    public void CompareCategories_NewCategory_IsDrift()
    {
        var result = DriftDetector.CompareCategories<string>(["a", "b", "b", "a"], ["a", "b", "c", null])!;
        Assert.Equal((DriftTest.ChiSquare, 0.0, true), (result.Test, result.Score, result.IsDrifted));
        Assert.Equal((4L, 3L), (result.ReferenceCount, result.CurrentCount));
    }

    // Expected: as above.
    [Fact]
    public void CompareCategories_TwoValues_EqualsEvidently()
    {
        var reference = Series.Select(300, x => Math.Floor(x * 2));
        var current = Series.Select(200, x => Math.Floor(Math.Sqrt(x) * 2));
        var result = DriftDetector.CompareCategories<double>(reference, current)!;
        Assert.Equal(DriftTest.ProportionZ, result.Test);
        Approximately.Ratio(2.2684748524071097e-08, result.Score, 1e-6);
        Assert.Equal(1, DriftDetector.CompareNumbers([1, 1], [1, 1, 1])!.Score);
        Approximately.Equal(0.0253473186774682, DriftDetector.CompareNumbers([1, 1], [0, 0, 0])!.Score, 1e-9);
    }

    // The choice of Evidently's registry.py (_get_default_stattest).
    [Theory]
    [InlineData(1000, 6, DriftTest.KolmogorovSmirnov, DriftTest.ChiSquare)]
    [InlineData(1000, 5, DriftTest.ChiSquare, DriftTest.ChiSquare)]
    [InlineData(1000, 3, DriftTest.ChiSquare, DriftTest.ChiSquare)]
    [InlineData(1000, 2, DriftTest.ProportionZ, DriftTest.ProportionZ)]
    [InlineData(1000, 1, DriftTest.ProportionZ, DriftTest.ProportionZ)]
    [InlineData(1001, 6, DriftTest.Wasserstein, DriftTest.JensenShannon)]
    [InlineData(1001, 5, DriftTest.JensenShannon, DriftTest.JensenShannon)]
    [InlineData(1001, 1, DriftTest.JensenShannon, DriftTest.JensenShannon)]
    public void Compare_Default_ChoosesAsEvidently(int rows, int levels, DriftTest numeric, DriftTest categorical)
    {
        var (reference, current) = Discrete(rows, 200, levels, levels);
        Assert.Equal(numeric, DriftDetector.CompareNumbers(reference, current)!.Test);
        Assert.Equal(categorical, DriftDetector.CompareCategories<double>(reference, current)!.Test);
    }

    [Fact]
    public void Compare_ScoreAtThreshold_FollowsEvidentlysComparison()
    {
        double[] reference = [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58];
        double[] current = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];
        var options = new DriftOptions();
        var ks = DriftDetector.CompareNumbers(reference, current, options)!;
        Assert.False(ks.IsDrifted);
        options = options with { PValueThreshold = ks.Score };
        Assert.True(DriftDetector.CompareNumbers(reference, current, options)!.IsDrifted);

        var counts = new CategoryCounts([16, 18, 16], [16, 16, 18]);
        var chi = DriftDetector.CompareCounts(counts)!;
        options = options with { PValueThreshold = chi.Score };
        Assert.False(DriftDetector.CompareCounts(counts, options)!.IsDrifted);

        options = options with { Test = DriftTest.Hellinger };
        var distance = DriftDetector.CompareCounts(counts, options)!;
        Assert.False(distance.IsDrifted);
        options = options with { DistanceThreshold = distance.Score };
        Assert.True(DriftDetector.CompareCounts(counts, options)!.IsDrifted);
    }

    [Fact]
    public void CompareNumbers_NotFinite_CountsAsMissing()
    {
        var result = DriftDetector.CompareNumbers([1, double.NaN, 2], [double.PositiveInfinity, 1, 2, 2])!;
        Assert.Equal((2L, 3L), (result.ReferenceCount, result.CurrentCount));
        Assert.Null(DriftDetector.CompareNumbers([double.NaN], [1]));
        Assert.Null(DriftDetector.CompareNumbers([1], []));
        Assert.Null(DriftDetector.CompareCategories<string>(["a"], [null]));
    }

    [Fact]
    public void CompareNumbers_MillionRows_IsDetected()
    {
        var reference = Series.Uniform(1_000_000);
        var current = Series.Select(1_000_000, x => x + 0.05);
        var result = DriftDetector.CompareNumbers(reference, current)!;
        Assert.Equal((DriftTest.Wasserstein, true), (result.Test, result.IsDrifted));
        Approximately.Equal(0.05 * Math.Sqrt(12), result.Score, 1e-4);
    }

    [Fact]
    public void Compare_TestOfOtherType_Throws()
    {
        var options = new DriftOptions { Test = DriftTest.Wasserstein };
        Assert.Throws<ArgumentException>(() => DriftDetector.CompareCategories<string>(["a"], ["b"], options));
        options = new DriftOptions { Test = DriftTest.ProportionZ };
        Assert.Throws<ArgumentException>(() => DriftDetector.CompareNumbers([1, 2], [3], options));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            DriftDetector.CompareNumbers([1], [1], new DriftOptions { PValueThreshold = 1 })
        );
    }

    private static (double[] Reference, double[] Current) Discrete(int count1, int count2, int levels1, int levels2) =>
        (
            Series.Select(count1, x => Math.Floor(x * x * levels1)),
            Series.Select(count2, x => Math.Floor(x * levels2))
        );
}
