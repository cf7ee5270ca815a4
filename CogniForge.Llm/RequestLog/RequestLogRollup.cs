using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CogniForge.Llm.RequestLog;

/// <summary>
/// Moves entries into daily sums. A transaction sees each entry either in <c>completion</c> or in
/// <c>completion_day</c>; <c>completion_summed</c> keeps the ids of moved entries. Safe at several replicas at once.
/// </summary>
internal sealed class RequestLogRollup(NpgsqlDataSource database)
{
    /// <summary>Holds off rollups until the end of the transaction.</summary>
    public const string SharedLock =
        "SELECT pg_advisory_xact_lock_shared(hashtextextended('cogniforge.llm.roll-up', 0))";

    // A budget that is being rebuilt reads recently stored entries one by one.
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

    /// <summary>Rolls up a batch of entries, oldest first, except those stored within the last hour.</summary>
    /// <param name="before">Only entries before this start of a day (UTC).</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellationToken">Cancels the batch as a whole.</param>
    /// <returns>The number of entries moved; below the limit: there are no more.</returns>
    public async Task<int> MoveAsync(
        DateTimeOffset before,
        int limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A separate statement, so that the next one sees everything committed before the lock was acquired.
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

    /// <summary>Forgets a batch of the ids that were rolled up before a time.</summary>
    /// <returns>The number of ids forgotten; below the limit: there are no more.</returns>
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
