using Dapper;
using Npgsql;

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

    // Only records that were in no sum before are summed, whatever way they came.
    private const string Move = $"""
        WITH portion AS MATERIALIZED (
            SELECT id FROM completion WHERE id < @beforeId AND occurred_at < @before AND {Settled} ORDER BY id LIMIT @portion
        ), moved AS (
            DELETE FROM completion USING portion WHERE completion.id = portion.id RETURNING completion.*
        ), added AS (
            INSERT INTO completion_summed (id, summed_at) SELECT id, @now FROM moved ON CONFLICT DO NOTHING RETURNING id
        ), summed AS (
            INSERT INTO completion_day AS kept
            SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day,
                sha256(convert_to(concat_ws(',', quote_nullable(caller), quote_nullable(end_user), quote_nullable(route), quote_nullable(provider), quote_nullable(model), status, quote_nullable(error)), 'UTF8')) AS digest,
                caller, end_user, route, provider, model, status, error, {PostgresRequestLog.Sums}
            FROM moved JOIN added USING (id)
            GROUP BY day, digest, caller, end_user, route, provider, model, status, error
            ON CONFLICT (day, digest) DO UPDATE SET
                requests = kept.requests + excluded.requests, failed = kept.failed + excluded.failed, cached = kept.cached + excluded.cached,
                input_tokens = kept.input_tokens + excluded.input_tokens, output_tokens = kept.output_tokens + excluded.output_tokens,
                cache_read_tokens = kept.cache_read_tokens + excluded.cache_read_tokens, cache_write_tokens = kept.cache_write_tokens + excluded.cache_write_tokens,
                reasoning_tokens = kept.reasoning_tokens + excluded.reasoning_tokens, cost = kept.cost + excluded.cost, saved = kept.saved + excluded.saved,
                unpriced = kept.unpriced + excluded.unpriced, estimated = kept.estimated + excluded.estimated
        )
        SELECT count(*) FROM moved
        """;

    private const string Forget = """
        DELETE FROM completion_summed WHERE id IN (SELECT id FROM completion_summed WHERE id < @beforeId AND summed_at < @before ORDER BY id LIMIT @portion)
        """;

    /// <summary>Sums up a portion of what happened before a moment, the oldest first; what was stored within the last hour waits.</summary>
    /// <param name="before">The moment, the beginning of a day (UTC).</param>
    /// <param name="portion">The most records.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Gives up; nothing has happened then.</param>
    /// <returns>How many records there were; fewer than the portion: there are no more.</returns>
    public async Task<int> MoveAsync(
        DateTimeOffset before,
        int portion,
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
                Move,
                new
                {
                    before,
                    beforeId = PostgresRequestLog.FirstId(before, 0),
                    portion,
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
    public async Task<int> ForgetAsync(DateTimeOffset before, int portion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(
                Forget,
                new
                {
                    before,
                    beforeId = PostgresRequestLog.FirstId(before, 0),
                    portion,
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
