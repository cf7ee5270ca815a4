using System.Collections.Frozen;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Serving.Shadows;

/// <summary>All shadows, read every second, so that no request waits for them.</summary>
internal sealed partial class ShadowTable(
    IShadowStore store,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ShadowTable> logger
) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private volatile FrozenDictionary<string, Shadow[]> _byModel = FrozenDictionary<string, Shadow[]>.Empty;

    /// <summary>The shadows of a model.</summary>
    public IReadOnlyList<Shadow> Find(string model) => _byModel.GetValueOrDefault(model) ?? [];

    /// <summary>Reads the shadows again.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        _byModel = (await store.ListAllAsync(cancellationToken))
            .GroupBy(s => s.Model)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The last known shadows continue.
                Log.NotRead(logger, e.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ShadowsNotRead, LogLevel.Debug, "The shadows could not be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
