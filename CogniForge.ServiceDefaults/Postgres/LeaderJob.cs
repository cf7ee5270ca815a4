namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>A job that runs every so often on one replica of the service. When that one goes, another takes over within two intervals.</summary>
/// <param name="name">The job's name, the same on every replica.</param>
/// <param name="interval">The time between two runs.</param>
/// <param name="leaders">Who leads.</param>
/// <param name="migrations">The job waits for the tables.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of a run that failed.</param>
public abstract partial class LeaderJob(
    string name, TimeSpan interval, ILeaderLock leaders, MigrationStatus migrations, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>Does the job once.</summary>
    /// <param name="cancellationToken">The service stops.</param>
    protected abstract Task RunOnceAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                await using var leadership = await leaders.TryAcquireAsync(name, stoppingToken);
                while (leadership is not null && await leadership.IsHeldAsync(stoppingToken))
                {
                    await RunOnceAsync(stoppingToken);
                    await timer.WaitForNextTickAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A cancellation that is not ours is a time-out inside the job.
                Log.Failed(logger, name, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "Job {Job} failed; it runs again after its interval")]
        public static partial void Failed(ILogger logger, string job, Exception exception);
    }
}
