using Medallion.Threading;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>A job that runs every so often on one replica of the service. When that one goes, another takes over within two intervals.</summary>
/// <param name="name">The job's name, the same on every replica.</param>
/// <param name="interval">The time between two runs.</param>
/// <param name="leaders">Who leads.</param>
/// <param name="migrations">The job waits for the tables.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of a run that failed.</param>
public abstract partial class LeaderJob(
    string name,
    TimeSpan interval,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    /// <summary>Does the job once.</summary>
    /// <param name="cancellationToken">The service stops, or this replica has lost the lead.</param>
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
                if (await leaders.TryAcquireAsync(name, stoppingToken) is { } lead)
                {
                    await LeadAsync(lead, timer, stoppingToken);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // A cancellation that is not ours is a time-out inside the job.
                Log.Failed(logger, name, e);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LeadAsync(
        IDistributedSynchronizationHandle lead,
        PeriodicTimer timer,
        CancellationToken stoppingToken
    )
    {
        var lost = lead.HandleLostToken;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lost);
        try
        {
            do
            {
                await RunOnceAsync(ended.Token);
            } while (await timer.WaitForNextTickAsync(ended.Token));
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            Log.Lost(logger, name);
        }
        finally
        {
            await ReleaseAsync(lead);
        }
    }

    private async Task ReleaseAsync(IDistributedSynchronizationHandle lead)
    {
        try
        {
            await lead.DisposeAsync();
        }
        catch (Exception e) when (TransientFaults.IsOutage(e) || e is InvalidOperationException)
        {
            // The lock's connection is gone, and the lock with it.
            Log.NotReleased(logger, name, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "Job {Job} failed; it runs again after its interval")]
        public static partial void Failed(ILogger logger, string job, Exception exception);

        [LoggerMessage(
            111,
            LogLevel.Warning,
            "Job {Job} stopped: the connection that held its lock is gone; it competes for the lead again"
        )]
        public static partial void Lost(ILogger logger, string job);

        [LoggerMessage(112, LogLevel.Debug, "Job {Job}: the lock could not be released: {Reason}")]
        public static partial void NotReleased(ILogger logger, string job, string reason);
    }
}
