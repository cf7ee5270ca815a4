using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// Applies the migrations at the start; waits for the database without limit. Until then, <c>/health</c> is unhealthy.
/// </summary>
internal sealed partial class MigrationService(
    NpgsqlDataSource source,
    Database database,
    ServiceDescription service,
    MigrationStatus status,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<MigrationService> logger
) : BackgroundService
{
    private static readonly TimeSpan _retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // No timeout, because migrations and other replicas' locks take time: only a database that hangs ends
                // it.
                await database.RunCancellableAsync(ApplyAsync, stoppingToken);
                status.SetApplied();
                return;
            }
            catch (Exception e) when (TransientFaults.IsOutage(e))
            {
                Log.DatabaseAway(logger, service.Database, e.Message);
                await Task.Delay(_retryDelay, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A retry cannot help a faulty migration: stop, so that the deployment fails visibly.
                Log.Failed(logger, service.Database, e);
                Environment.ExitCode = 1;

                // Stopping a host during its start throws.
                lifetime.ApplicationStarted.Register(lifetime.StopApplication);
                return;
            }
        }
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await Migrations.ApplyAsync(source, typeof(Migrations).Assembly, cancellationToken);
        await Migrations.ApplyAsync(source, service.Assembly, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.WaitingForDatabase, LogLevel.Warning, "Waiting for database {Database}: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string database, string reason);

        [LoggerMessage(EventIds.MigrationsFailed, LogLevel.Critical, "The migrations of database {Database} failed")]
        public static partial void Failed(ILogger logger, string database, Exception exception);
    }
}
