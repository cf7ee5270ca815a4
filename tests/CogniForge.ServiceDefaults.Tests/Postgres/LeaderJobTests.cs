using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Support;
using Medallion.Threading;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

public sealed class LeaderJobTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
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
    public async Task Run_MigrationsPending_Waits()
    {
        using var job = await StartAsync();
        _clock.Advance(_interval);
        Assert.Equal(0, _runs);

        _migrations.SetApplied();

        await RunsAsync(1);
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Run_OtherReplicaLeads_WaitsForItsEnd()
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
    public async Task Run_LockLostBetweenRuns_RunsAfterReacquiring()
    {
        _migrations.SetApplied();
        using var job = await StartAsync();
        await RunsAsync(1);

        _lock.TakenByAnother = true;
        _lock.Lose();
        await Until.TrueAsync(() => _lock.Held == 0, "the lead is released");
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(_interval);
        }

        Assert.Equal(1, _runs);
        _lock.TakenByAnother = false;
        await _clock.AdvanceUntilAsync(_interval, () => _runs > 1, "it leads again");
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Run_LockLostDuringRun_CancelsAndReacquires()
    {
        _migrations.SetApplied();
        var cancelled = false;
        _run = token =>
            Task.Delay(Timeout.Infinite, token)
                .ContinueWith(task => cancelled = task.IsCanceled, TaskScheduler.Default);
        using var job = await StartAsync();
        await RunsAsync(1);

        _lock.Lose();

        await Until.TrueAsync(() => cancelled, "the run is cancelled");
        await _clock.AdvanceUntilAsync(_interval, () => _runs > 1, "it leads again");
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Run_ReleaseFails_Reacquires()
    {
        _migrations.SetApplied();
        _lock.ReleaseFails = true;
        _run = _ => throw new InvalidOperationException();
        using var job = await StartAsync();
        await RunsAsync(1);

        await _clock.AdvanceUntilAsync(_interval, () => _runs > 1, "it leads again");
        await job.StopAsync(default);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_Fails_RunsAgainAfterInterval(bool timedOut)
    {
        _migrations.SetApplied();
        _run = _ =>
            throw (
                timedOut
                    ? new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.")
                    : new InvalidOperationException()
            );
        using var job = await StartAsync();
        await RunsAsync(1);

        await _clock.AdvanceUntilAsync(_interval, () => _runs >= 3, "it runs again");

        Assert.False(job.ExecuteTask!.IsCompleted);
        await job.StopAsync(default);
    }

    [Fact]
    public async Task Stop_DuringRun_CancelsAndReleasesLock()
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

    private sealed class Job(LeaderJobTests test)
        : LeaderJob("job", _interval, test._lock, test._migrations, test._clock, NullLogger.Instance)
    {
        protected override Task RunOnceAsync(CancellationToken cancellationToken)
        {
            test._runs++;
            return test._run(cancellationToken);
        }
    }

    private sealed class FakeLock : ILeaderLock
    {
        private Action _lose = () => { };
        private int _held;

        public bool TakenByAnother { get; set; }

        public bool ReleaseFails { get; set; }

        public int Held => _held;

        public void Lose() => _lose();

        public Task<IDistributedSynchronizationHandle?> TryAcquireAsync(string job, CancellationToken cancellationToken)
        {
            if (TakenByAnother)
            {
                return Task.FromResult<IDistributedSynchronizationHandle?>(null);
            }

            Interlocked.Increment(ref _held);
            var lead = new Lead(this);
            _lose = lead.Lost.Cancel;
            return Task.FromResult<IDistributedSynchronizationHandle?>(lead);
        }

        private sealed class Lead(FakeLock owner) : IDistributedSynchronizationHandle
        {
            public CancellationTokenSource Lost { get; } = new();

            public CancellationToken HandleLostToken => Lost.Token;

            public void Dispose()
            {
                Lost.Dispose();
                Interlocked.Decrement(ref owner._held);
                if (owner.ReleaseFails)
                {
                    throw new NpgsqlException("The connection is gone.");
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
