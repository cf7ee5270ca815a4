using CogniForge.Bench.Load;

namespace CogniForge.Bench.Tests;

public sealed class LatencyHistogramTests
{
    private const double Exactness = 0.004;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Percentile_ManyDurations_IsExactToBucket(double share)
    {
        var random = new Random(20_261);
        var durations = Enumerable
            .Range(0, 10_000)
            .Select(_ => (long)Math.Exp(random.NextDouble() * 23))
            .Order()
            .ToArray(); // 1 ns to 10 s
        var histogram = Create(durations);

        var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];

        Assert.InRange(histogram.Percentile(share), exact * (1 - Exactness), exact * (1 + Exactness));
    }

    [Fact]
    public void Percentile_Empty_IsNaN() => Assert.Equal(double.NaN, new LatencyHistogram().Percentile(0.5));

    [Fact]
    public void Add_OtherHistogram_MergesDurations()
    {
        var histogram = Create(1, 2, 3);

        histogram.Add(Create(100, 200));

        Assert.Equal(5, histogram.Count);
        Assert.Equal(200, histogram.Percentile(1));
        Assert.Equal(3, histogram.Percentile(0.5));
    }

    private static LatencyHistogram Create(params long[] durations)
    {
        var histogram = new LatencyHistogram();
        foreach (var duration in durations)
        {
            histogram.Record(duration);
        }

        return histogram;
    }
}
