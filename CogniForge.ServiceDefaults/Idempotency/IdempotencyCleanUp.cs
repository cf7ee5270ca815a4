using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.ServiceDefaults.Idempotency;

/// <summary>Deletes expired idempotency keys.</summary>
internal sealed class IdempotencyCleanUp(
    IIdempotencyStore store,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<IdempotencyCleanUp> logger
) : LeaderJob("idempotency-clean-up", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    private readonly TimeProvider _time = time;

    protected override Task RunOnceAsync(CancellationToken cancellationToken) =>
        store.ForgetAsync(_time.GetUtcNow(), cancellationToken);
}
