using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

/// <summary>A database that hangs, and one that is slow.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class DatabaseTests(RealServers servers) : IAsyncLifetime, IDisposable
{
    // More than the connections of a pool.
    private const int Many = 150;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private NpgsqlConnectionStringBuilder _direct = null!;
    private TcpProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;
    private Database _database = null!;

    public async Task InitializeAsync()
    {
        _direct = new(await servers.NewDatabaseAsync());
        _proxy = new(_direct.Host!, _direct.Port);

        // Two for queries, and one for the question.
        _source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_direct.ConnectionString)
            {
                Host = "127.0.0.1",
                Port = _proxy.Port,
                MaxPoolSize = 3,
                Timeout = 1,
                CommandTimeout = 1,
            }
        );
        _database = new(_source, _clock);
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    public void Dispose()
    {
        _database.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Run_DatabaseHangsMeanwhile_GivesUp()
    {
        var running = _database.RunAsync(
            connection =>
            {
                _proxy.Stall();
                return connection.ExecuteScalarAsync<int>("SELECT 1", commandTimeout: 60);
            },
            default
        );

        await _clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), () => running.IsCompleted, "it is given up");

        await Assert.ThrowsAsync<TimeoutException>(() => running);
    }

    [Fact]
    public async Task Run_DatabaseHangs_NobodyWaitsAndNothingIsSentUntilItAnswers()
    {
        Assert.Equal(1, await _database.RunAsync(SelectAsync, default));
        _clock.Advance(TimeSpan.FromSeconds(1)); // that answer holds no longer
        _proxy.Stall();
        var first = _database.RunAsync(SelectAsync, default);
        _clock.Advance(_patience);
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        // The clock stands, and nobody waits, also when the question has run into its time-out and is asked anew on other connections.
        var (sent, connections) = (0, _proxy.Connections);
        await Until.TrueAsync(
            async () =>
            {
                await Task.WhenAll(
                    Enumerable
                        .Range(0, Many)
                        .Select(_ =>
                            Assert.ThrowsAsync<TimeoutException>(() => _database.RunAsync(CountAsync, default))
                        )
                );
                return _proxy.Connections > connections + 2;
            },
            "the question is asked anew"
        );
        Assert.Equal(0, sent);

        _proxy.Resume();
        await Until.TrueAsync(ResponsesAsync, "the database answers again");
        Assert.Equal(1, await _database.RunAsync(SelectAsync, default));

        Task<int> CountAsync(NpgsqlConnection connection)
        {
            Interlocked.Increment(ref sent);
            return SelectAsync(connection);
        }
    }

    [Fact]
    public async Task Run_DatabaseWasGone_WorksAtOnceWhenItIsBack()
    {
        Assert.Equal(1, await _database.RunAsync(SelectAsync, default));
        _proxy.Unplug();
        Assert.True(
            TransientFaults.IsOutage(
                await Assert.ThrowsAnyAsync<Exception>(() => _database.RunAsync(SelectAsync, default))
            )
        );
        _clock.Advance(TimeSpan.FromHours(1));

        _proxy.Plug();

        Assert.Equal(1, await _database.RunAsync(SelectAsync, default));
    }

    [Fact]
    public async Task Run_QueriesAreSlowAndTakeThePool_AreWaitedFor()
    {
        await using var other = new NpgsqlConnection(_direct.ConnectionString);
        await other.OpenAsync();
        await other.ExecuteAsync("SELECT pg_advisory_lock(1)");
        var started = 0;
        var running = Enumerable
            .Range(0, 2)
            .Select(_ =>
                _database.RunAsync(
                    connection =>
                    {
                        Interlocked.Increment(ref started);
                        return connection.ExecuteScalarAsync<int>(
                            "SELECT 1 FROM pg_advisory_lock_shared(1)",
                            commandTimeout: 60
                        );
                    },
                    default
                )
            )
            .ToList();
        await Until.TrueAsync(() => started == 2, "the pool is taken");

        for (var i = 0; i < 60; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await _database.PingAsync(default);
        }

        Assert.All(running, query => Assert.False(query.IsCompleted));
        await other.ExecuteAsync("SELECT pg_advisory_unlock(1)");
        Assert.All(await Task.WhenAll(running), response => Assert.Equal(1, response));
    }

    [Fact]
    public async Task Run_CallerGivesUp_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var running = _database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<int>(
                    new CommandDefinition(
                        "SELECT 1 FROM pg_sleep(60)",
                        commandTimeout: 60,
                        cancellationToken: cancel.Token
                    )
                ),
            cancel.Token
        );

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static Task<int> SelectAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<int>("SELECT 1");

    private async Task<bool> ResponsesAsync()
    {
        try
        {
            await _database.PingAsync(default);
            return true;
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return false;
        }
    }
}
