using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Medallion.Threading;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class LeaderLockTests(RealServers servers) : IAsyncLifetime
{
    private string _connectionString = "";
    private Replica _one = null!;
    private Replica _two = null!;

    public async Task InitializeAsync()
    {
        _connectionString = await servers.NewDatabaseAsync();
        (_one, _two) = (new(_connectionString), new(_connectionString));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task TryAcquire_TwoReplicas_OneLeadsUntilRelease()
    {
        var first = await _one.TryAcquireAsync("job");
        Assert.NotNull(first);
        Assert.Null(await _two.TryAcquireAsync("job"));

        await first.DisposeAsync();

        await using var second = await _two.TryAcquireAsync("job");
        Assert.NotNull(second);
    }

    [Fact]
    public async Task TryAcquire_ManyAtOnce_ExactlyOneLeads()
    {
        var leads = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? _one : _two).TryAcquireAsync("job"))
        );

        await using var lead = Assert.Single(leads, l => l is not null);
    }

    [Fact]
    public async Task TryAcquire_OtherJob_HasOwnLock()
    {
        await using var first = await _one.TryAcquireAsync("job");
        await using var second = await _two.TryAcquireAsync("other job");

        Assert.NotNull(second);
    }

    [Fact]
    public async Task TryAcquire_DatabaseHangs_FailsWithoutNewConnections()
    {
        var target = new NpgsqlConnectionStringBuilder(_connectionString);
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        var clock = new FakeTimeProvider(TestTime.Start);
        await using var replica = new Replica(target.ConnectionString, clock);
        await (await replica.TryAcquireAsync("job"))!.DisposeAsync();
        var before = proxy.Connections;

        clock.Advance(TimeSpan.FromSeconds(1)); // that the database answered is no news any more
        proxy.Stall();
        var first = replica.TryAcquireAsync("job");
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), () => first.IsCompleted, "it gives up");

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => replica.TryAcquireAsync("job"));
        Assert.InRange(proxy.Connections, before, before + 1);
    }

    [Fact]
    public async Task Jobs_LeaderConnectionKilled_OtherReplicaTakesOver()
    {
        using var one = new Job(_one);
        using var two = new Job(_two);
        await one.StartAsync(default);
        await Until.TrueAsync(() => one.Runs == 1, "the first leads");
        await two.StartAsync(default);
        await _two.WaitUntilRefusedAsync();
        Assert.Equal(0, two.Runs);

        _one.IsAway = true;
        await KillLeaderAsync();

        await Until.TrueAsync(() => one.Cancelled == 1 && two.Runs == 1, "the second leads");

        // The first one competes again, and leads after the second one has ended.
        _one.IsAway = false;
        await _one.WaitUntilRefusedAsync();
        Assert.Equal((1, 0), (one.Runs, two.Cancelled));
        await two.StopAsync(default);
        await Until.TrueAsync(() => one.Runs == 2, "the first leads again");
        await one.StopAsync(default);
    }

    private async Task KillLeaderAsync()
    {
        await using var connection = await _two.Source.OpenConnectionAsync();
        Assert.Equal(
            1,
            await connection.ExecuteScalarAsync<int>(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_locks
                WHERE locktype = 'advisory' AND granted
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """
            )
        );
    }

    /// <summary>A replica with its own connections.</summary>
    private sealed class Replica : ILeaderLock, IAsyncDisposable
    {
        private readonly Database _database;
        private int _refused;

        public Replica(string connectionString, TimeProvider? time = null)
        {
            Source = NpgsqlDataSource.Create(connectionString);
            _database = new(Source, time ?? TimeProvider.System);
        }

        public NpgsqlDataSource Source { get; }

        /// <summary>It does not try to acquire the lock.</summary>
        public bool IsAway { get; set; }

        public Task<IDistributedSynchronizationHandle?> TryAcquireAsync(string job) => TryAcquireAsync(job, default);

        public async Task<IDistributedSynchronizationHandle?> TryAcquireAsync(
            string job,
            CancellationToken cancellationToken
        )
        {
            if (IsAway)
            {
                return null;
            }

            var lead = await new PostgresLeaderLock(Source, _database).TryAcquireAsync(job, cancellationToken);
            _refused += lead is null ? 1 : 0;
            return lead;
        }

        /// <summary>Waits until it has tried to acquire the lock in vain.</summary>
        public Task WaitUntilRefusedAsync()
        {
            var before = _refused;
            return Until.TrueAsync(() => _refused > before, "it competes");
        }

        public async ValueTask DisposeAsync()
        {
            _database.Dispose();
            await Source.DisposeAsync();
        }
    }

    /// <summary>A job whose run ends only when it is cancelled.</summary>
    private sealed class Job(Replica replica)
        : LeaderJob(
            "job",
            TimeSpan.FromMilliseconds(50),
            replica,
            _migrations,
            TimeProvider.System,
            NullLogger.Instance
        )
    {
        private static readonly MigrationStatus _migrations = Applied();
        private int _runs;
        private int _cancelled;

        public int Runs => _runs;

        public int Cancelled => _cancelled;

        protected override async Task RunOnceAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref _cancelled);
            }
        }

        private static MigrationStatus Applied()
        {
            var status = new MigrationStatus();
            status.SetApplied();
            return status;
        }
    }
}
