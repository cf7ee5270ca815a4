using CogniForge.Statistics.Accuracy;

namespace CogniForge.Statistics.Tests.Accuracy;

public class RegressionMetricsTests
{
    // Expected: mean_absolute_error, mean_squared_error(squared=False) and r2_score of scikit-learn 1.2.1.
    [Fact]
    public void FromPredictions_Series_EqualsScikitLearn()
    {
        var actual = Series.Select(300, x => (x * 10) - 2);
        var noise = Series.Uniform(300, 4);
        var metrics = RegressionMetrics.FromPredictions(actual, [.. actual.Select((y, i) => y + noise[i] - 0.45)])!;
        Assert.Equal(300, metrics.Count);
        Approximately.Equal(0.25196490549351125, metrics.MeanAbsoluteError, 1e-9);
        Approximately.Equal(0.2924290248409873, metrics.RootMeanSquaredError, 1e-9);
        Approximately.Equal(0.9896746027826332, metrics.RSquared, 1e-9);
    }

    [Fact]
    public void FromPredictions_DocumentedExample_EqualsScikitLearn()
    {
        var metrics = RegressionMetrics.FromPredictions([3, -0.5, 2, 7], [2.5, 0, 2, 8])!;
        Approximately.Equal(0.5, metrics.MeanAbsoluteError, 1e-9);
        Approximately.Equal(0.6123724356957945, metrics.RootMeanSquaredError, 1e-9);
        Approximately.Equal(0.9486081370449679, metrics.RSquared, 1e-9);
    }

    [Fact]
    public void FromPredictions_Extremes_AreDefined()
    {
        Assert.Null(RegressionMetrics.FromPredictions([], []));
        Assert.Equal(new RegressionMetrics(1, 1, 1, null), RegressionMetrics.FromPredictions([3], [4]));
        Assert.Null(RegressionMetrics.FromPredictions([5, 5, 5], [5, 5, 5])!.RSquared);
        Assert.Throws<ArgumentException>("predicted", () => RegressionMetrics.FromPredictions([1], []));
        Assert.Throws<ArgumentOutOfRangeException>(
            "actual",
            () => RegressionMetrics.FromPredictions([double.NaN], [1])
        );
    }
}
