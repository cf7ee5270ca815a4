using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Experiments;

/// <summary>Deletes the data of experiments that ended long ago, on one replica.</summary>
internal sealed class ExperimentCleanUp(
    IExperimentData data,
    IOptions<ExperimentOptions> options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ExperimentCleanUp> logger
) : LeaderJob("experiment-clean-up", TimeSpan.FromHours(1), leaders, migrations, time, logger)
{
    // Small enough that a batch does not hold its locks for long.
    private const int BatchSize = 5_000;
    private readonly TimeProvider _time = time;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow().AddDays(-options.Value.RetentionDays);
        while (await data.DeleteAsync(before, BatchSize, cancellationToken) > 0)
        {
            // Deletes the next batch.
        }
    }
}
