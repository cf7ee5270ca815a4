using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Llm.Configuration;

/// <summary>
/// Loads the entries of the admin API at the start and after each notification by Postgres. While Postgres is
/// unavailable, the gateway keeps the entries that it has.
/// </summary>
internal sealed partial class PostgresConfigWatcher(
    NpgsqlDataSource database,
    ConfigReloader reloader,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<PostgresConfigWatcher> logger
) : BackgroundService
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection may be silent before a query checks it.</summary>
    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(30);

    private const int KeepAliveTimeoutSeconds = 5;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A new replica loads the routes before its first request, but does not wait long for the database.
        using var timeout = new CancellationTokenSource(_startTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await migrations.Applied.WaitAsync(linked.Token);
            await reloader.ReloadAsync(linked.Token);
        }
        catch (Exception e) when (timeout.IsCancellationRequested || TransientFaults.IsOutage(e))
        {
            Log.Delayed(logger);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // After any error the current entries stay, and the watcher connects again.
                Log.Interrupted(logger, e.Message);
                await Task.Delay(_retryDelay, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var listen = new NpgsqlCommand("LISTEN setting", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            // A notification during a command does not end WaitAsync, so load after each command.
            await reloader.ReloadAsync(cancellationToken);
            if (!await connection.WaitAsync(_keepAlive, cancellationToken))
            {
                await using var keepAlive = new NpgsqlCommand("SELECT 1", connection)
                {
                    CommandTimeout = KeepAliveTimeoutSeconds,
                };
                await keepAlive.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ConfigLoadDelayed,
            LogLevel.Warning,
            "The database is not ready yet: the gateway starts with the routes and providers of its configuration alone"
        )]
        public static partial void Delayed(ILogger logger);

        [LoggerMessage(
            EventIds.ConfigUpdatesInterrupted,
            LogLevel.Warning,
            "Changes of routes, providers, prices and projects do not reach this replica for now: {Reason}"
        )]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
