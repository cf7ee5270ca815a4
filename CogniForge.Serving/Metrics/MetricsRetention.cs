using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Inference;
using CogniForge.Serving.Metrics.Drift;
using CogniForge.Serving.Metrics.Predictions;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics;

/// <summary>Deletes inferences, predictions, ground truth and evaluations that are older than the retention.</summary>
internal sealed class MetricsRetention(
    IInferenceStore inferences,
    IPredictionStore predictions,
    IDriftStore drift,
    IOptions<MetricsOptions> options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<MetricsRetention> logger
) : LeaderJob("metrics-retention", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    // Small enough that a batch does not hold its locks for long.
    private const int BatchSize = 5_000;
    private readonly TimeProvider _time = time;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow().AddDays(-options.Value.RetentionDays);
        while (await inferences.DeleteAsync(before, BatchSize, cancellationToken) > 0)
        {
            // Deletes the next batch.
        }

        while (await predictions.DeleteAsync(before, BatchSize, cancellationToken) > 0)
        {
            // Deletes the next batch.
        }

        while (await drift.DeleteAsync(before, BatchSize, cancellationToken) > 0)
        {
            // Deletes the next batch.
        }
    }
}
