using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Wakes this replica's dispatcher when another replica announces the events that it leaves.</summary>
internal sealed partial class OutboxListener(
    NpgsqlDataSource database,
    Outbox outbox,
    OutboxOptions options,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<OutboxListener> logger
) : BackgroundService
{
    private const string Channel = "outbox";
    private const int PingTimeoutSeconds = 5;

    /// <summary>Idle time before a ping: a dead connection looks the same as an idle one.</summary>
    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(30);

    private bool _isListening = true;

    /// <summary>
    /// Wakes the other replicas. Call it outside a transaction, where NOTIFY would lock the server until the end.
    /// </summary>
    /// <param name="connection">An open connection to the database.</param>
    /// <param name="replica">The sender, which ignores its own notification.</param>
    /// <param name="cancellationToken">Cancels the notification.</param>
    public static Task NotifyAsync(NpgsqlConnection connection, string replica, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                "SELECT pg_notify(@Channel, @replica)",
                new { Channel, replica },
                cancellationToken: cancellationToken
            )
        );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (_isListening)
                {
                    Log.NotListening(logger, options.PollInterval, e.Message);
                }

                _isListening = false;
                await Task.Delay(options.RetryDelay, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload != outbox.Replica)
            {
                outbox.Signal.Set();
            }
        };
        await using var listen = new NpgsqlCommand($"LISTEN {Channel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        if (!_isListening)
        {
            Log.ListeningAgain(logger);
        }

        // Announcements sent while disconnected are lost.
        _isListening = true;
        outbox.Signal.Set();
        while (true)
        {
            if (!await connection.WaitAsync(_pingInterval, cancellationToken))
            {
                await using var ping = new NpgsqlCommand("SELECT 1", connection);
                ping.CommandTimeout = PingTimeoutSeconds;
                await ping.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.OutboxNotListening,
            LogLevel.Warning,
            "Events of other replicas wait for the next poll (every {PollInterval}): {Reason}"
        )]
        public static partial void NotListening(ILogger logger, TimeSpan pollInterval, string reason);

        [LoggerMessage(
            EventIds.OutboxListeningAgain,
            LogLevel.Information,
            "Receiving announcements of other replicas again"
        )]
        public static partial void ListeningAgain(ILogger logger);
    }
}
