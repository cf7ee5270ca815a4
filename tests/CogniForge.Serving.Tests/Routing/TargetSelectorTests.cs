using CogniForge.Serving.Models;
using CogniForge.Serving.Routing;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>The strategies that depend on what a replica observes.</summary>
public class TargetSelectorTests
{
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly RouteTarget[] _targets;

    public TargetSelectorTests() =>
        _targets =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(i => new RouteTarget(
                    ModelVersion.Create("m", i, ModelKind.Mock, null, new(), TestTime.Start),
                    new VersionTraffic(_clock)
                )),
        ];

    [Fact]
    public void Select_LeastOutstanding_BalancesRequestsInFlight()
    {
        Assert.True(_targets[1].Traffic.TryEnter(9));
        for (ulong turn = 0; turn < 8; turn++)
        {
            Assert.True(Select(RoutingStrategy.LeastOutstanding, turn)!.Traffic.TryEnter(9));
        }

        Assert.Equal([3, 3, 3], _targets.Select(t => t.Traffic.Outstanding));
    }

    [Fact]
    public void Select_AllFull_ReturnsNull()
    {
        Assert.All(_targets, t => Assert.True(t.Traffic.TryEnter(1)));
        Assert.All(Enum.GetValues<RoutingStrategy>(), s => Assert.Null(Select(s, 0, maxOutstanding: 1)));
    }

    [Fact]
    public void Select_LowestLatency_TriesUnknownThenFastest()
    {
        Observe(0, 30);
        Observe(2, 20);
        Assert.Equal(2, Select(RoutingStrategy.LowestLatency, 0)!.Version.Version);

        Observe(1, 50);
        Assert.Equal(3, Select(RoutingStrategy.LowestLatency, 0)!.Version.Version);

        // With a request in flight, its expected latency doubles.
        Assert.True(_targets[2].Traffic.TryEnter(9));
        Assert.Equal(1, Select(RoutingStrategy.LowestLatency, 0)!.Version.Version);
    }

    [Fact]
    public void Select_SlowVersionIdle_IsTriedAgain()
    {
        Observe(0, 100);
        Observe(1, 100);
        Observe(2, 100);
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Observe(1, 20);
            Observe(2, 20);
        }

        Assert.Equal(1, Select(RoutingStrategy.LowestLatency, 0)!.Version.Version);
    }

    private void Observe(int target, int milliseconds)
    {
        Assert.True(_targets[target].Traffic.TryEnter(9));
        _targets[target].Traffic.Exit(
            AttemptOutcome.Succeeded,
            TimeSpan.FromMilliseconds(milliseconds),
            EjectionPolicy.Default
        );
    }

    private RouteTarget? Select(RoutingStrategy strategy, ulong turn, int maxOutstanding = 9) =>
        TargetSelector.Select(
            new("m", null, new(strategy), _targets, null, null, new()),
            turn,
            maxOutstanding
        );
}
