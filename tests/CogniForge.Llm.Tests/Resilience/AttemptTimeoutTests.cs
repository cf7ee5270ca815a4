using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Resilience;

public class AttemptTimeoutTests
{
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(20);
    private readonly CountingTime _time = new();

    [Fact]
    public void Extend_ManyReads_RarelySetsTimer()
    {
        using var timeout = Start();
        for (var i = 0; i < 10_000; i++)
        {
            timeout.Extend();
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(_time.TimerChanges, 1, 11);
    }

    [Fact]
    public void Extend_Activity_PreventsTimeout()
    {
        using var timeout = Start();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(_silence * 0.9);
            timeout.Extend();
            Assert.False(timeout.Token.IsCancellationRequested);
        }

        _time.Advance(_silence);
        Assert.True(timeout.Token.IsCancellationRequested);
    }

    [Fact]
    public void Extend_ThenSilence_ExpiresAlmostOnTime()
    {
        using var timeout = Start();
        _time.Advance(_silence * 0.04);
        timeout.Extend();

        _time.Advance(_silence * 0.95);
        Assert.False(timeout.Token.IsCancellationRequested);
        _time.Advance(_silence * 0.05);
        Assert.True(timeout.Token.IsCancellationRequested);
    }

    [Fact]
    public void Extend_BeyondDeadline_EndsWithTotal()
    {
        using var timeout = Start(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(15));
        timeout.Extend();
        Assert.True(timeout.EndsWithTotal);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.True(timeout.Token.IsCancellationRequested);
    }

    [Fact]
    public void Pause_LongWait_ExpiresOnlyAfterResume()
    {
        using var timeout = Start();
        timeout.Pause();
        _time.Advance(_silence * 10);
        Assert.False(timeout.HasExpired);

        timeout.Resume();
        _time.Advance(_silence * 0.9);
        Assert.False(timeout.HasExpired);
        _time.Advance(_silence);
        Assert.True(timeout.HasExpired);
    }

    [Fact]
    public void Pause_BeyondDeadline_EndsWithTotal()
    {
        using var timeout = Start(TimeSpan.FromSeconds(30));
        timeout.Pause();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(timeout is { HasExpired: true, EndsWithTotal: true });
    }

    private AttemptTimeout Start(TimeSpan? total = null) =>
        new(_silence, _time.GetUtcNow() + (total ?? TimeSpan.FromHours(1)), _time, CancellationToken.None);

    private sealed class CountingTime : FakeTimeProvider
    {
        public int TimerChanges { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new CountingTimer(this, base.CreateTimer(callback, state, dueTime, period));

        private sealed class CountingTimer(CountingTime time, ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.TimerChanges++;
                return inner.Change(dueTime, period);
            }

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
