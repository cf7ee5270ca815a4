using CogniForge.ServiceDefaults.Postgres;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Loading;

/// <summary>
/// Loads versions in the background once they are ready, so that the first request of a version that begins to serve
/// does not wait. Each revision once: what was unloaded for others, or failed, loads when a request needs it.
/// </summary>
internal sealed partial class ModelPreloader(
    IModelStore store,
    ModelCatalog catalog,
    ModelRepository models,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ModelPreloader> logger
) : BackgroundService
{
    private const int MaxVersions = 1_000;

    // As fast as requests see a change of the registry.
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    private HashSet<(Guid Id, Guid Revision)> _seen = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                await LoadAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.NotPreloaded(logger, e.Message); // the next round does it
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<(Guid Id, Guid Revision)>();
        foreach (var listed in await store.ListToLoadAsync(MaxVersions, cancellationToken))
        {
            seen.Add((listed.Id, listed.Revision));
            if (
                !_seen.Contains((listed.Id, listed.Revision))
                && models.HasRoomFor(listed.Bytes)
                && await catalog.FindAsync(listed.Name, listed.Version, cancellationToken) is { } version
            )
            {
                await models.PreloadAsync(version, cancellationToken);
            }
        }

        _seen = seen;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ModelsNotPreloaded,
            LogLevel.Warning,
            "Models that are ready cannot be loaded ahead of requests yet: {Reason}"
        )]
        public static partial void NotPreloaded(ILogger logger, string reason);
    }
}
