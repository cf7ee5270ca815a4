using Medallion.Threading;
using Medallion.Threading.Postgres;
using Npgsql;

namespace CogniForge.ServiceDefaults.Postgres;

/// <summary>A session-level advisory lock: Postgres releases it by itself when the replica's connection ends, however it ends.</summary>
internal sealed class PostgresLeaderLock(NpgsqlDataSource source, Database database) : ILeaderLock
{
    public async Task<IDistributedSynchronizationHandle?> TryAcquireAsync(
        string job,
        CancellationToken cancellationToken
    )
    {
        // As for requests: while the database hangs, no connection gets stuck in it.
        await database.AnswersAsync(cancellationToken);
        var key = new PostgresAdvisoryLockKey($"cogniforge.job.{job}", allowHashing: true);
        return await new PostgresDistributedLock(key, source).TryAcquireAsync(TimeSpan.Zero, cancellationToken);
    }
}
