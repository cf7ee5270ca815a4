using Medallion.Threading;
using Medallion.Threading.Postgres;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>
/// A session-level advisory lock: Postgres releases it when the replica's connection ends for any reason.
/// </summary>
internal sealed class PostgresLeaderLock(NpgsqlDataSource source, Database database) : ILeaderLock
{
    public async Task<IDistributedSynchronizationHandle?> TryAcquireAsync(
        string job,
        CancellationToken cancellationToken
    )
    {
        // As for requests: keeps connections from getting stuck while the database hangs.
        await database.PingAsync(cancellationToken);
        var key = new PostgresAdvisoryLockKey($"cogniforge.job.{job}", allowHashing: true);
        return await new PostgresDistributedLock(key, source).TryAcquireAsync(TimeSpan.Zero, cancellationToken);
    }
}
