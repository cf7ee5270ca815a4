using CogniForge.Serving.Routing;
using CogniForge.Serving.Routing.Canaries;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>When the guard-rails of a canary hold.</summary>
public class CanaryGuardTests
{
    private static readonly CanaryPlan _plan = new([10], MinRequests: 100, MaxErrorRateIncrease: 0.05);

    [Theory]
    [InlineData(1_000, 100, 1_000, 149, true)]
    [InlineData(1_000, 100, 1_000, 151, false)]
    [InlineData(0, 0, 3, 3, true)] // 3 of 100 may still be few enough
    [InlineData(0, 0, 6, 6, false)] // 6 of 100 are too many
    public void FindBroken_Failures_ComparesErrorRates(
        long stable,
        long stableFailures,
        long canary,
        long canaryFailures,
        bool holds
    ) =>
        Assert.Equal(
            holds,
            CanaryGuard.FindBroken(_plan, Counts(stable, stableFailures, 1), Counts(canary, canaryFailures, 1)) is null
        );

    [Theory]
    [InlineData(100, 14, true)]
    [InlineData(100, 20, false)]
    [InlineData(99, 20, true)]
    public void FindBroken_Latency_ComparesP99(long requests, double milliseconds, bool holds) =>
        Assert.Equal(
            holds,
            CanaryGuard.FindBroken(_plan, Counts(1_000, 0, 10), Counts(requests, 0, milliseconds)) is null
        );

    [Theory]
    [InlineData(0.064, 1, 0.099, true)] // microseconds are the machine's
    [InlineData(10, 2, 100, true)] // 2 of 100 may be chance
    [InlineData(10, 5, 100, false)]
    public void FindBroken_FewSlow_MayBeChance(double stable, int slow, double milliseconds, bool holds)
    {
        var (most, few) = (Counts(100 - slow, 0, stable), Counts(slow, 0, milliseconds));
        Assert.Equal(holds, CanaryGuard.FindBroken(_plan, Counts(300, 0, stable), most.Add(few)) is null);
    }

    [Fact]
    public void FindBroken_EqualVersions_HoldAlmostAlways()
    {
        const int Trials = 2_000;
        var random = new Random(20261130);
        var broken = Enumerable
            .Range(0, Trials)
            .Count(_ => CanaryGuard.FindBroken(_plan, Draw(300), Draw(100)) is not null);

        Assert.InRange(broken, 0, Trials / 100);

        // Log-normal latencies, as services have them: a median of 10 ms, a p99 of about 100 ms.
        CanaryCounts Draw(int requests)
        {
            var latencies = new long[LatencyHistogram.Buckets];
            for (var i = 0; i < requests; i++)
            {
                var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                var normal = radius * Math.Cos(Math.Tau * random.NextDouble());
                latencies[LatencyHistogram.Find(TimeSpan.FromMilliseconds(10 * Math.Exp(normal)))]++;
            }

            return new(requests, 0, latencies);
        }
    }

    [Fact]
    public void GetQuantile_Latencies_IsWithinABucket()
    {
        var counts = new long[LatencyHistogram.Buckets];
        for (var i = 1; i <= 100; i++)
        {
            counts[LatencyHistogram.Find(TimeSpan.FromMilliseconds(i))]++;
        }

        Assert.InRange(LatencyHistogram.GetQuantile(counts, 0.99).TotalMilliseconds, 99, 99 * 1.0906);
        Assert.Equal(TimeSpan.Zero, LatencyHistogram.GetQuantile(new long[LatencyHistogram.Buckets], 0.99));
    }

    private static CanaryCounts Counts(long requests, long failures, double milliseconds)
    {
        var latencies = new long[LatencyHistogram.Buckets];
        latencies[LatencyHistogram.Find(TimeSpan.FromMilliseconds(milliseconds))] = requests - failures;
        return new(requests, failures, latencies);
    }
}
