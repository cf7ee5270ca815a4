using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>Evaluates each model that has a reference.</summary>
internal sealed partial class DriftJob(
    IDriftStore store,
    DriftMonitor monitor,
    IOptions<MetricsOptions> options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<DriftJob> logger
) : LeaderJob("drift", options.Value.DriftInterval, leaders, migrations, time, logger)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var model in await store.ListModelsAsync(cancellationToken))
        {
            try
            {
                if (await store.FindReferenceAsync(model, cancellationToken) is { } reference)
                {
                    await monitor.EvaluateAsync(reference, cancellationToken);
                }
            }
            catch (Exception e)
                when (e is not OperationCanceledException && !TransientFaults.IsOutage(e))
            {
                // The fault of one model must not end the evaluation of the others.
                Log.NotEvaluated(logger, model, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.DriftNotEvaluated, LogLevel.Error, "The drift of model {Model} cannot be evaluated")]
        public static partial void NotEvaluated(ILogger logger, string model, Exception exception);
    }
}
