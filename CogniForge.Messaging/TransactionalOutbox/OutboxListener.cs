using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Wakes this replica's dispatcher when another replica announces events that it leaves.</summary>
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

    /// <summary>After how long a silent connection is pinged: a dead one looks the same.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(30);

    private bool _isListening = true;

    /// <summary>Wakes the other replicas. In a transaction, NOTIFY would lock the server until its end.</summary>
    /// <param name="connection">Any connection to the database.</param>
    /// <param name="replica">The sender, which ignores its own notification.</param>
    /// <param name="cancellationToken">Gives up.</param>
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

        // Announcements made before are lost.
        _isListening = true;
        outbox.Signal.Set();
        while (true)
        {
            if (!await connection.WaitAsync(_silence, cancellationToken))
            {
                await using var ping = new NpgsqlCommand("SELECT 1", connection);
                ping.CommandTimeout = PingTimeoutSeconds;
                await ping.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(314, LogLevel.Warning, "Events of other replicas wait for the poll ({PollInterval}): {Reason}")]
        public static partial void NotListening(ILogger logger, TimeSpan pollInterval, string reason);

        [LoggerMessage(315, LogLevel.Information, "Events of other replicas are announced again")]
        public static partial void ListeningAgain(ILogger logger);
    }
}
