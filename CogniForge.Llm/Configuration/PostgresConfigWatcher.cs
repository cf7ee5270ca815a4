using CogniForge.ServiceDefaults.Postgres;
using Npgsql;

namespace CogniForge.Llm.Configuration;

/// <summary>Loads the settings at the start and whenever Postgres tells of a change. While Postgres is away the gateway goes on with those that it has.</summary>
internal sealed partial class PostgresConfigWatcher(
    NpgsqlDataSource database,
    ConfigReloader loader,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<PostgresConfigWatcher> logger
) : BackgroundService
{
    private static readonly TimeSpan _startPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How often a connection that says nothing is asked whether it still lives.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);

    private const int ResponseSeconds = 5;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // A replica that joins must know the routes before its first request, but not wait for a database that is away.
        using var patience = new CancellationTokenSource(_startPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await migrations.Applied.WaitAsync(either.Token);
            await loader.ReloadAsync(either.Token);
        }
        catch (Exception e) when (patience.IsCancellationRequested || TransientFaults.IsOutage(e))
        {
            Log.Late(logger);
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
                // Whatever it is, the settings that there are stay, and it is tried again.
                Log.Away(logger, e.Message);
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
            // After every command on the connection: what Postgres tells meanwhile ends no wait.
            await loader.ReloadAsync(cancellationToken);
            if (!await connection.WaitAsync(_silence, cancellationToken))
            {
                await using var alive = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = ResponseSeconds };
                await alive.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ConfigLoadDelayed,
            LogLevel.Warning,
            "The database has not been heard of yet: the gateway starts with the routes and providers of its configuration alone"
        )]
        public static partial void Late(ILogger logger);

        [LoggerMessage(
            EventIds.ConfigUpdatesInterrupted,
            LogLevel.Warning,
            "Changes of routes, providers and prices are not heard of for now: {Reason}"
        )]
        public static partial void Away(ILogger logger, string reason);
    }
}
