using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.ProviderState;

/// <summary>Deletes expired ids.</summary>
internal sealed class ProviderStateCleanUp(
    IProviderStateStore store,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<ProviderStateCleanUp> logger
) : LeaderJob("provider-state-clean-up", TimeSpan.FromHours(1), leaders, migrations, time, logger)
{
    protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
        store.DeleteExpiredAsync(cancellationToken);
}
