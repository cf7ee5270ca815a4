using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Serving.Routing.Canaries;

/// <summary>Adds what this replica observes of canaries to what the others do, every second.</summary>
internal sealed partial class CanaryReporter(
    CanaryRecorders recorders,
    ICanaryStore store,
    TimeProvider time,
    ILogger<CanaryReporter> logger
) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    // A request that began before the step ended is still counted.
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _flush = new(1);
    private readonly Dictionary<VersionRecorder, CanaryCounts> _reported = [];

    /// <summary>Reports what has not been reported yet.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flush.WaitAsync(cancellationToken);
        try
        {
            foreach (var recorder in recorders.All)
            {
                await ReportAsync(recorder.StepId, false, recorder.Stable, cancellationToken);
                await ReportAsync(recorder.StepId, true, recorder.Canary, cancellationToken);
                if (time.GetElapsedTime(recorder.UsedAt) > _kept)
                {
                    recorders.Remove(recorder);
                    _reported.Remove(recorder.Stable);
                    _reported.Remove(recorder.Canary);
                }
            }
        }
        finally
        {
            _flush.Release();
        }
    }

    public override void Dispose()
    {
        _flush.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception e) when (TransientFaults.IsOutage(e))
            {
                Log.NotReported(logger, e.Message); // the next report contains it
            }
        }
    }

    private async Task ReportAsync(
        Guid stepId,
        bool isCanary,
        VersionRecorder recorder,
        CancellationToken cancellationToken
    )
    {
        var counts = recorder.Read();
        var added = counts.Subtract(_reported.GetValueOrDefault(recorder, CanaryCounts.None));
        if (added.Requests > 0)
        {
            await store.AddAsync(stepId, isCanary, added, cancellationToken);
            _reported[recorder] = counts;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.CanaryTrafficNotReported,
            LogLevel.Warning,
            "The requests of canaries cannot be reported yet: {Reason}"
        )]
        public static partial void NotReported(ILogger logger, string reason);
    }
}
