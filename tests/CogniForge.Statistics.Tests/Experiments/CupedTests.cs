using CogniForge.Statistics.Experiments;

namespace CogniForge.Statistics.Tests.Experiments;

public class CupedTests
{
    private static readonly double[] _x =
    [
        16.12, 2.33, 11.25, 8.3, 8.64, 9.35, 3.94, 9.3, 7.4, 19.97, 10.68,
        8.94, 9.16, 8.0, 6.83, 8.83, 11.45, 9.28, 12.87, 9.4, 10.07, 14.64, 11.64, 8.48,
    ];

    private static readonly double[] _y =
    [
        14.53, 4.95, 14.87, 8.1, 8.42, 11.48, 3.38, 8.86, 9.69, 19.14, 10.73,
        11.99, 5.17, 11.94, 7.04, 7.23, 13.21, 12.33, 12.91, 8.87, 11.61, 15.11, 15.62, 11.78,
    ];

    // Expected: θ and 1 − R² by OLS of statsmodels 0.13.5, the test on adjusted values by its CompareMeans.
    [Fact]
    public void Adjust_TwoArms_EqualsStatsmodels()
    {
        var control = CovariateMoments.FromValues(_y.AsSpan(0, 11), _x.AsSpan(0, 11));
        var treatment = CovariateMoments.FromValues(_y.AsSpan(11), _x.AsSpan(11));
        var cuped = Cuped.Adjust([control, treatment])!;
        Approximately.Equal(0.8818136913162098, cuped.Theta, 1e-9);
        Approximately.Equal(0.2870616606061531, cuped.VarianceRemaining, 1e-9);
        Approximately.Equal(10.480318001428428, cuped.Arms[0].Mean, 1e-9);
        Approximately.Equal(2.447729291568809, cuped.Arms[0].Variance, 1e-9);
        Approximately.Equal(11.052038614175947, cuped.Arms[1].Mean, 1e-9);
        Approximately.Equal(5.662781487471714, cuped.Arms[1].Variance, 1e-9);

        var test = WelchTest.Compare(cuped.Arms[0], cuped.Arms[1])!;
        Approximately.Equal(0.7047441785754724, test.Statistic, 1e-9);
        Approximately.Equal(0.4887642106089335, test.PValue, 1e-9);
        Approximately.Equal(-1.1160491082829567, test.Interval.Lower, 1e-9);
    }

    [Fact]
    public void Adjust_PerfectCovariate_RemovesAllVariance()
    {
        var cuped = Cuped.Adjust([CovariateMoments.FromValues([2, 4, 6], [1, 2, 3])])!;
        Approximately.Equal(2, cuped.Theta, 1e-12);
        Approximately.Equal(0, cuped.VarianceRemaining, 1e-12);
        Approximately.Equal(0, cuped.Arms[0].Variance, 1e-12);
    }

    [Fact]
    public void Adjust_EmptyArm_StaysEmpty()
    {
        var cuped = Cuped.Adjust(
            [CovariateMoments.FromValues([], []), CovariateMoments.FromValues([2, 4, 7], [1, 2, 3])]
        )!;
        Assert.Equal(default, cuped.Arms[0]);
    }

    [Fact]
    public void Adjust_ConstantCovariate_IsNull()
    {
        Assert.Null(Cuped.Adjust([CovariateMoments.FromValues([1, 2], [3, 3])]));
        Assert.Null(Cuped.Adjust([CovariateMoments.FromValues([], [])]));
    }

    [Fact]
    public void Create_UnequalCounts_NamesTheParameter()
    {
        Assert.Throws<ArgumentException>("covariates", () => CovariateMoments.FromValues([1, 2], [1]));
        Assert.Throws<ArgumentException>("covariate", () => new CovariateMoments(new(2, 1, 1), default, 0));
        Assert.Throws<ArgumentException>("arms", () => Cuped.Adjust([]));
    }
}
