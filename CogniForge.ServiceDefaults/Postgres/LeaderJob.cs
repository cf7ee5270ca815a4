using Medallion.Threading;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// A periodic job on one replica of the service. If it stops, another takes over within two intervals.
/// </summary>
/// <param name="name">The job's name, the same on every replica.</param>
/// <param name="interval">The interval between runs.</param>
/// <param name="leaders">The locks of the jobs.</param>
/// <param name="migrations">The migrations that the job waits for.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs failed runs.</param>
public abstract partial class LeaderJob(
    string name,
    TimeSpan interval,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    /// <summary>Runs the job once.</summary>
    /// <param name="cancellationToken">Cancelled when the service stops or this replica loses the lock.</param>
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
                // A foreign cancellation is a timeout inside the job.
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
        [LoggerMessage(EventIds.JobFailed, LogLevel.Warning, "Job {Job} failed; it runs again after its interval")]
        public static partial void Failed(ILogger logger, string job, Exception exception);

        [LoggerMessage(
            EventIds.JobLockLost,
            LogLevel.Warning,
            "Job {Job} stopped: its lock was lost with its connection; this replica tries to acquire it again"
        )]
        public static partial void Lost(ILogger logger, string job);

        [LoggerMessage(
            EventIds.JobLockNotReleased,
            LogLevel.Debug,
            "Job {Job}: its lock could not be released: {Reason}"
        )]
        public static partial void NotReleased(ILogger logger, string job, string reason);
    }
}
