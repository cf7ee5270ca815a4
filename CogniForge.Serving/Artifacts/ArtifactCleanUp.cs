using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Artifacts;

/// <summary>Deletes artefacts that no version refers to: of broken uploads and of deleted versions.</summary>
internal sealed class ArtifactCleanUp(
    IArtifactStore artifacts,
    IModelStore models,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ArtifactCleanUp> logger
) : LeaderJob("artifact-clean-up", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    /// <summary>How long a file may wait for its version; an upload touches it with every chunk.</summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromHours(1);

    private const int BatchSize = 1_000;
    private readonly TimeProvider _time = time;

    protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
        CleanAsync(_time.GetUtcNow() - MinAge, cancellationToken);

    /// <summary>Deletes what was last written before a time and belongs to no version.</summary>
    internal async Task CleanAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> batch;
        var last = Guid.Empty;
        do
        {
            batch = await artifacts.ListAsync(before, last, BatchSize, cancellationToken);
            foreach (var id in batch.Except(await models.FindArtifactsAsync(batch, cancellationToken)))
            {
                await artifacts.DeleteAsync(id, cancellationToken);
            }

            last = batch.Count == 0 ? last : batch[^1];
        } while (batch.Count == BatchSize);
    }
}
