using CogniForge.Serving.Routing;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>Ejection, probes and latency of a version.</summary>
public class VersionTrafficTests
{
    private static readonly EjectionPolicy _ejection = new(ConsecutiveFailures: 2, Seconds: 30);
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly VersionTraffic _traffic;

    public VersionTrafficTests() => _traffic = new(_clock);

    [Fact]
    public void Exit_FailuresInARow_EjectsUntilProbe()
    {
        End(AttemptOutcome.Failed);
        End(AttemptOutcome.Succeeded);
        End(AttemptOutcome.Failed);
        Assert.False(_traffic.IsEjected);
        End(AttemptOutcome.Failed);
        Assert.True(_traffic.IsEjected);
        Assert.False(_traffic.TryEnter(9));

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_traffic.TryEnter(9));
        Assert.False(_traffic.TryEnter(9)); // one probe at a time
        _traffic.Exit(AttemptOutcome.Succeeded, TimeSpan.Zero, _ejection);
        Assert.False(_traffic.IsEjected);
    }

    [Fact]
    public void Exit_ProbeFails_EjectsLonger()
    {
        End(AttemptOutcome.Failed);
        End(AttemptOutcome.Failed);
        _clock.Advance(TimeSpan.FromSeconds(30));
        End(AttemptOutcome.Failed);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_traffic.CanTake(9));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_traffic.CanTake(9));
    }

    [Fact]
    public void Exit_ProbeCancelled_ProbesAgain()
    {
        End(AttemptOutcome.Failed);
        End(AttemptOutcome.Failed);
        _clock.Advance(TimeSpan.FromSeconds(30));
        End(AttemptOutcome.Unknown);
        Assert.True(_traffic.IsEjected);
        Assert.True(_traffic.TryEnter(9));
    }

    [Fact]
    public void GetLatency_Observed_AveragesAndDecays()
    {
        Observe(100);
        Assert.Equal(0.1, _traffic.GetLatency(), 1e-9);

        // After one decay time of 10 s, an old observation has the weight 1/e.
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0.1 / Math.E, _traffic.GetLatency(), 1e-9);
        Observe(300);
        Assert.Equal((0.1 / Math.E) + (0.3 * (1 - (1 / Math.E))), _traffic.GetLatency(), 1e-9);
    }

    private void End(AttemptOutcome outcome)
    {
        Assert.True(_traffic.TryEnter(9));
        _traffic.Exit(outcome, TimeSpan.FromMilliseconds(1), _ejection);
    }

    private void Observe(int milliseconds)
    {
        Assert.True(_traffic.TryEnter(9));
        _traffic.Exit(AttemptOutcome.Succeeded, TimeSpan.FromMilliseconds(milliseconds), _ejection);
    }
}
