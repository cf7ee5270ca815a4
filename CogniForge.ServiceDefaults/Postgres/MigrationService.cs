using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>Applies the migrations while the service starts, waiting for the database as long as it takes. Until then <c>/health</c> is unhealthy.</summary>
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
                // However long a migration takes or waits for another replica's: only silence of the database ends it.
                await database.WhileAnsweringAsync(ApplyAsync, stoppingToken);
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
                // A wrong migration does not get better by waiting: stop, so that whoever deploys sees it.
                Log.Failed(logger, service.Database, e);
                Environment.ExitCode = 1;

                // A host that is stopped while it still starts throws: it stops as soon as it has started.
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
        [LoggerMessage(100, LogLevel.Warning, "Waiting for database {Database}: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string database, string reason);

        [LoggerMessage(101, LogLevel.Critical, "The migrations of database {Database} failed")]
        public static partial void Failed(ILogger logger, string database, Exception exception);
    }
}
