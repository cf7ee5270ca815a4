using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CogniForge.Llm.RequestLog;

/// <summary>Sums records up by day, and deletes them. Whoever adds records and sums up sees them in one of the two, at any moment. Any number may do it at the same time.</summary>
internal sealed class RequestLogRollup(NpgsqlDataSource database)
{
    /// <summary>Keeps summing up away until the end of a transaction.</summary>
    public const string SharedLock =
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('cogniforge.llm.roll-up', 0))";

    // A record that came late may be older than any other; what has just been stored may be told of again to a budget that is being rebuilt.
    private const string Settled = "stored_at < clock_timestamp() - interval '1 hour'";

    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('cogniforge.llm.roll-up', 0))";

    private static readonly string _groupBy = string.Join(", ", RequestLogColumns.Filterable.Select(c => c.Name));

    // The texts are too long for an index, so a digest identifies a group.
    private static readonly string _digest = string.Join(
        ", ",
        RequestLogColumns.Filterable.Select(c => c.Type == NpgsqlDbType.Text ? $"quote_nullable({c.Name})" : c.Name)
    );

    // Counts only entries that are in no rollup yet, however they arrived.
    private static readonly string _move = $"""
        WITH batch AS MATERIALIZED (
            SELECT id FROM completion WHERE id < @beforeId AND occurred_at < @before AND {Settled}
            ORDER BY id LIMIT @limit
        ), moved AS (
            DELETE FROM completion USING batch WHERE completion.id = batch.id RETURNING completion.*
        ), added AS (
            INSERT INTO completion_summed (id, summed_at) SELECT id, @now FROM moved
            ON CONFLICT DO NOTHING RETURNING id
        ), rolled_up AS (
            INSERT INTO completion_day AS kept (day, digest, {_groupBy}, {UsageColumns.Names})
            SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day,
                sha256(convert_to(concat_ws(',', {_digest}), 'UTF8')) AS digest,
                {_groupBy}, {UsageColumns.SumEntries}
            FROM moved JOIN added USING (id)
            GROUP BY day, digest, {_groupBy}
            ON CONFLICT (day, digest) DO UPDATE SET {UsageColumns.AddExcluded}
        )
        SELECT count(*) FROM moved
        """;

    private const string Forget = """
        DELETE FROM completion_summed WHERE id IN (
            SELECT id FROM completion_summed WHERE id < @beforeId AND summed_at < @before ORDER BY id LIMIT @limit
        )
        """;

    /// <summary>Sums up a portion of what happened before a moment, the oldest first; what was stored within the last hour waits.</summary>
    /// <param name="before">The moment, the beginning of a day (UTC).</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Gives up; nothing has happened then.</param>
    /// <returns>How many records there were; fewer than the portion: there are no more.</returns>
    public async Task<int> MoveAsync(
        DateTimeOffset before,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A statement of its own, so that the next one sees what was done before the lock was free.
        await connection.ExecuteAsync(
            new CommandDefinition(Lock, transaction: transaction, cancellationToken: cancellationToken)
        );
        var moved = await connection.ExecuteScalarAsync<int>(
            new CommandDefinition(
                _move,
                new
                {
                    before,
                    beforeId = RequestLogIds.GetFirst(before),
                    limit,
                    now,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await transaction.CommitAsync(cancellationToken);
        return moved;
    }

    /// <summary>Forgets which records are in the sums, a portion of those that were summed before a moment.</summary>
    /// <returns>How many there were; fewer than the portion: there are no more.</returns>
    public async Task<int> ForgetAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(
                Forget,
                new
                {
                    before,
                    beforeId = RequestLogIds.GetFirst(before),
                    limit,
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
