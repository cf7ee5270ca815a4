using CogniForge.Statistics.Latency;

namespace CogniForge.Statistics.Tests.Latency;

public class LatencySummaryTests
{
    // Expected: numpy.percentile of NumPy 1.24.2, method "linear".
    [Fact]
    public void FromValues_OneToHundred_EqualsNumpy()
    {
        double[] values = [.. Enumerable.Range(1, 100).Reverse().Select(x => (double)x)];
        var summary = LatencySummary.FromValues(values)!;
        Assert.Equal((100, 50.5, 1.0, 100.0), (summary.Count, summary.Mean, summary.Min, summary.Max));
        Approximately.Equal(50.5, summary.P50, 1e-9);
        Approximately.Equal(90.1, summary.P90, 1e-9);
        Approximately.Equal(95.05, summary.P95, 1e-9);
        Approximately.Equal(99.01, summary.P99, 1e-9);
    }

    [Fact]
    public void FromValues_None_IsNull() => Assert.Null(LatencySummary.FromValues([]));

    [Fact]
    public void FromValues_OneValue_IsEveryPercentile() =>
        Assert.Equal(new LatencySummary(1, 4, 4, 4, 4, 4, 4, 4), LatencySummary.FromValues([4.0]));

    [Fact]
    public void FromValues_NotFinite_Throws() =>
        Assert.Throws<ArgumentException>("values", () => LatencySummary.FromValues([1, double.NaN]));
}
