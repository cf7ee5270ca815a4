using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

public sealed class LeaderJobTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly ManualTime _clock = new();
    private readonly FakeLock _lock = new();
    private readonly MigrationStatus _migrations = new();
    private int _runs;
    private Func<CancellationToken, Task> _run = _ => Task.CompletedTask;

    [Fact]
    public async Task Run_Leading_RunsAtOnceAndEveryInterval()
    {
        _migrations.SetApplied();
        using var job = await StartAsync();
        await RunsAsync(1);

        _clock.Advance(_interval);
        await RunsAsync(2);
        _clock.Advance(_interval / 2);
        Assert.Equal(2, _runs);

        await job.StopAsync(default);
        Assert.Equal(0, _lock.Held);
    }

    [Fact]
    public async Task Run_TablesAreNotThereYet_Waits()
    {
        using var job = await StartAsync();
        _clock.Advance(_interval);
        Assert.Equal(0, _runs);

        _migrations.SetApplied();

        await RunsAsync(1);
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Run_AnotherLeads_WaitsUntilThatOneIsGone()
    {
        _migrations.SetApplied();
        _lock.TakenByAnother = true;
        using var job = await StartAsync();
        _clock.Advance(_interval);
        Assert.Equal(0, _runs);

        _lock.TakenByAnother = false;

        await _clock.AdvanceUntilAsync(_interval, () => _runs > 0, "it leads");
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Run_LeadIsLost_StopsAndTriesForItAgain()
    {
        _migrations.SetApplied();
        using var job = await StartAsync();
        await RunsAsync(1);

        _lock.IsLost = true;
        _lock.TakenByAnother = true;
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(_interval);
        }

        Assert.Equal(1, _runs);
        await job.StopAsync(default);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_Fails_RunsAgainAfterItsInterval(bool timedOut)
    {
        _migrations.SetApplied();
        _run = _ => throw (timedOut ? new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.") : new InvalidOperationException());
        using var job = await StartAsync();
        await RunsAsync(1);

        await _clock.AdvanceUntilAsync(_interval, () => _runs >= 3, "it runs again");

        Assert.False(job.ExecuteTask!.IsCompleted);
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Stop_WhileItRuns_CancelsTheRunAndGivesUpTheLead()
    {
        _migrations.SetApplied();
        _run = token => Task.Delay(Timeout.Infinite, token);
        using var job = await StartAsync();
        await RunsAsync(1);

        await job.StopAsync(default).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, _lock.Held);
    }

    private async Task<BackgroundService> StartAsync()
    {
        var job = new Job(this);
        await job.StartAsync(default);
        return job;
    }

    private Task RunsAsync(int count) => Until.TrueAsync(() => _runs == count, $"run {count}");

    private sealed class Job(LeaderJobTests test) : LeaderJob("job", _interval, test._lock, test._migrations, test._clock, NullLogger.Instance)
    {
        protected override Task RunOnceAsync(CancellationToken cancellationToken)
        {
            test._runs++;
            return test._run(cancellationToken);
        }
    }

    private sealed class FakeLock : ILeaderLock
    {
        public bool IsLost { get; set; }

        public bool TakenByAnother { get; set; }

        public int Held { get; private set; }

        public Task<ILeadership?> TryAcquireAsync(string job, CancellationToken cancellationToken)
        {
            if (TakenByAnother)
            {
                return Task.FromResult<ILeadership?>(null);
            }

            Held++;
            return Task.FromResult<ILeadership?>(new Lead(this));
        }

        private sealed class Lead(FakeLock owner) : ILeadership
        {
            public Task<bool> IsHeldAsync(CancellationToken cancellationToken) => Task.FromResult(!owner.IsLost);

            public ValueTask DisposeAsync()
            {
                owner.Held--;
                return ValueTask.CompletedTask;
            }
        }
    }
}
