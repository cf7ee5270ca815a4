using Dapper;
using Npgsql;

namespace CogniForge.Serving.Tracking;

/// <summary>Writes what is logged to a run to Postgres.</summary>
internal static class RunBatchWriter
{
    /// <summary>Writes a batch.</summary>
    /// <returns>The key of a parameter that has another value; else null.</returns>
    public static async Task<string?> WriteAsync(
        NpgsqlTransaction transaction,
        string runId,
        RunBatch batch,
        CancellationToken cancellationToken
    )
    {
        var parameters = new
        {
            runId,
            keys = batch.Params.Keys.ToArray(),
            values = batch.Params.Values.ToArray(),
        };
        await ExecuteAsync(
            """
            INSERT INTO tracking_param (run_id, key, value)
            SELECT @runId, k, v FROM unnest(@keys, @values) AS p (k, v) ON CONFLICT DO NOTHING
            """,
            parameters
        );
        var conflict = await transaction.Connection!.ExecuteScalarAsync<string?>(
            new CommandDefinition(
                """
                SELECT t.key FROM tracking_param t JOIN unnest(@keys, @values) AS p (k, v) ON t.key = p.k
                WHERE t.run_id = @runId AND t.value <> p.v ORDER BY t.key COLLATE "C" LIMIT 1
                """,
                parameters,
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (conflict is not null)
        {
            return conflict;
        }

        await WriteTagsAsync(transaction, runId, batch.Tags, cancellationToken);
        await ExecuteAsync(
            """
            INSERT INTO tracking_metric (run_id, key, value, timestamp, step)
            SELECT @runId, k, v, t, s FROM unnest(@keys, @values, @timestamps, @steps) WITH ORDINALITY
                AS m (k, v, t, s, i)
            ORDER BY i ON CONFLICT DO NOTHING
            """,
            new
            {
                runId,
                keys = batch.Metrics.Select(m => m.Key).ToArray(),
                values = batch.Metrics.Select(m => m.Value).ToArray(),
                timestamps = batch.Metrics.Select(m => m.Timestamp).ToArray(),
                steps = batch.Metrics.Select(m => m.Step).ToArray(),
            }
        );
        return null;

        Task ExecuteAsync(string sql, object values) =>
            transaction.Connection!.ExecuteAsync(
                new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken)
            );
    }

    /// <summary>Writes tags; a tag that exists gets the new value.</summary>
    public static Task WriteTagsAsync(
        NpgsqlTransaction transaction,
        string runId,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                """
                INSERT INTO tracking_tag (run_id, key, value)
                SELECT @runId, k, v FROM unnest(@keys, @values) AS t (k, v)
                ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value
                """,
                new
                {
                    runId,
                    keys = tags.Keys.ToArray(),
                    values = tags.Values.ToArray(),
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
}
