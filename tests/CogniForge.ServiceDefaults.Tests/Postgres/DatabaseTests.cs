using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

/// <summary>A database that hangs or is slow.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class DatabaseTests(RealServers servers) : IAsyncLifetime, IDisposable
{
    // More than a pool's connections.
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

        _source = Connect(seconds: 60);
        _database = new(_source, _clock);
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    public void Dispose()
    {
        _database.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Run_DatabaseHangsDuringWork_TimesOut()
    {
        var running = _database.RunAsync(
            connection =>
            {
                _proxy.Stall();
                return connection.ExecuteScalarAsync<int>("SELECT 1", commandTimeout: 60);
            },
            default
        );

        await _clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), () => running.IsCompleted, "the work ends");

        await Assert.ThrowsAsync<TimeoutException>(() => running);
    }

    [Fact]
    public async Task Run_DatabaseHangs_FailsAtOnceWithoutSending()
    {
        // Npgsql's timeouts follow the system's clock: short ones end the pings that hang.
        await using var source = Connect(seconds: 1);
        using var database = new Database(source, _clock);
        await Until.TrueAsync(() => SelectsAsync(database), "the database is available");
        _clock.Advance(TimeSpan.FromSeconds(1)); // the last ping is no longer valid
        _proxy.Stall();
        var first = database.RunAsync(SelectAsync, default);
        _clock.Advance(_patience);
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        // The clock stands, so no call waits, even when a ping times out and the next one uses new connections.
        var (sent, connections) = (0, _proxy.Connections);
        await Until.TrueAsync(
            async () =>
            {
                await Task.WhenAll(
                    Enumerable
                        .Range(0, Many)
                        .Select(_ =>
                            Assert.ThrowsAsync<TimeoutException>(() => database.RunAsync(CountAsync, default))
                        )
                );
                return _proxy.Connections > connections + 2;
            },
            "the ping is repeated"
        );
        Assert.Equal(0, sent);

        _proxy.Resume();
        await Until.TrueAsync(() => SelectsAsync(database), "the database is available again");

        Task<int> CountAsync(NpgsqlConnection connection)
        {
            Interlocked.Increment(ref sent);
            return SelectAsync(connection);
        }
    }

    [Fact]
    public async Task Run_DatabaseAvailableAgain_WorksAtOnce()
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
    public async Task Run_SlowQueriesOccupyPool_Complete()
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
    public async Task Run_CallerCancels_IsCancelled()
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

    private static async Task<bool> SelectsAsync(Database database)
    {
        try
        {
            return await database.RunAsync(SelectAsync, default) == 1;
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            return false;
        }
    }

    /// <summary>Two connections for queries and one for pings, through the proxy.</summary>
    /// <param name="seconds">Npgsql's timeouts of connecting and of a command.</param>
    private NpgsqlDataSource Connect(int seconds) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_direct.ConnectionString)
            {
                Host = "127.0.0.1",
                Port = _proxy.Port,
                MaxPoolSize = 3,
                Timeout = seconds,
                CommandTimeout = seconds,
            }
        );
}
