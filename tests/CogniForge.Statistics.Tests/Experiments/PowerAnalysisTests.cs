using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class PowerAnalysisTests
{
    // Expected: NormalIndPower.power of statsmodels 0.13.5 (effect 0.2, 300 per arm).
    [Fact]
    public void Power_Effect_EqualsStatsmodels()
    {
        Approximately.Equal(0.687770420076401, PowerAnalysis.Power(0.2, Math.Sqrt(2 / 300.0)), 1e-9);
        Approximately.Equal(0.687770420076401, PowerAnalysis.Power(-0.2, Math.Sqrt(2 / 300.0)), 1e-9);
        Approximately.Equal(0.05, PowerAnalysis.Power(0, 1), 1e-12);
    }

    // Expected: NormalIndPower.solve_power of statsmodels 0.13.5 (392.443 and 11903.510), which counts one tail less.
    [Theory]
    [InlineData(0.2, 1, 0.05, 0.8, 393)]
    [InlineData(0.5, 10, 0.01, 0.9, 11904)]
    [InlineData(-0.2, 1, 0.05, 0.8, 393)]
    [InlineData(1000, 1, 0.05, 0.8, 1)]
    public void SampleSizeForMeans_Effect_EqualsStatsmodels(
        double effect, double deviation, double alpha, double power, double expected
    ) => Assert.Equal(expected, PowerAnalysis.SampleSizeForMeans(effect, deviation, alpha, power));

    // Expected: the formula in SciPy 1.10.1: 3838.102, 39236.550 and 80928.987.
    [Theory]
    [InlineData(0.1, 0.12, 0.05, 0.8, 3839)]
    [InlineData(0.5, 0.51, 0.05, 0.8, 39237)]
    [InlineData(0.01, 0.012, 0.01, 0.9, 80929)]
    public void SampleSizeForRates_Rates_EqualsFormula(
        double rate1, double rate2, double alpha, double power, double expected
    ) => Assert.Equal(expected, PowerAnalysis.SampleSizeForRates(rate1, rate2, alpha, power));

    // Expected: norm.isf(0.025) + norm.isf(0.2) of SciPy 1.10.1.
    [Fact]
    public void MinimumDetectableEffect_Error_EqualsScipy() =>
        Approximately.Equal(0.02801585218112969, PowerAnalysis.MinimumDetectableEffect(0.01), 1e-9);

    // Expected: brentq of SciPy 1.10.1 on the equation lift = k·√(variance of the lift).
    [Theory]
    [InlineData(0.1, 0.09, 10_000, 0.8, 0.12660945998957343)]
    [InlineData(20, 900, 500, 0.9, 0.36857100421585476)]
    [InlineData(-20, 900, 500, 0.9, 0.36857100421585476)]
    public void MinimumDetectableLift_Metric_EqualsScipy(
        double mean, double variance, double units, double power, double expected
    ) => Approximately.Equal(expected, PowerAnalysis.MinimumDetectableLift(mean, variance, units, 0.05, power), 1e-9);

    [Fact]
    public void MinimumDetectableLift_TooFewUnits_IsNull() =>
        Assert.Null(PowerAnalysis.MinimumDetectableLift(1, 100, 784));

    [Fact]
    public void Functions_OutOfRange_NameTheParameter()
    {
        Assert.Throws<ArgumentOutOfRangeException>("standardError", () => PowerAnalysis.Power(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("power", () => PowerAnalysis.MinimumDetectableEffect(1, power: 1));
        Assert.Throws<ArgumentException>("treatmentRate", () => PowerAnalysis.SampleSizeForRates(0.1, 0.1));
        Assert.Throws<ArgumentException>("effect", () => PowerAnalysis.SampleSizeForMeans(0, 1));
        Assert.Throws<ArgumentException>("mean", () => PowerAnalysis.MinimumDetectableLift(0, 1, 10));
    }
}
