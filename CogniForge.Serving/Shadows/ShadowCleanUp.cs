using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Shadows;

/// <summary>Deletes old comparisons, on one replica.</summary>
internal sealed class ShadowCleanUp(
    IShadowStore shadows,
    IOptions<ShadowOptions> options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ShadowCleanUp> logger
) : LeaderJob("shadow-clean-up", TimeSpan.FromHours(1), leaders, migrations, time, logger)
{
    private readonly TimeProvider _time = time;

    protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
        shadows.DeleteAsync(
            _time.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays),
            cancellationToken
        );
}
