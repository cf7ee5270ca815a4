using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace CogniForge.Llm.RequestLog;

internal sealed class PostgresRequestLogWriter(Database database, TimeProvider time) : IRequestLogWriter
{
    private const string Copy = """
        COPY completion (
            id, occurred_at, caller, end_user, route, requested_model, provider, model, protocol, streamed, status, error, finish_reason, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, estimated, cost, cached, saved, attempts, duration_ms, first_chunk_ms, trace_parent)
        FROM STDIN (FORMAT BINARY)
        """;

    private const string Known =
        "SELECT id FROM completion WHERE id = ANY(@ids) UNION ALL SELECT id FROM completion_summed WHERE id = ANY(@ids)";

    // Only what is a day old can be summed. Half of that leaves room for clocks that differ.
    private static readonly TimeSpan _late = TimeSpan.FromHours(12);

    // The first of the last batch, which comes again and again while it cannot be announced.
    private Guid _last;

    public Task AddAsync(IReadOnlyList<RequestLogEntry> records, CancellationToken cancellationToken) =>
        database.RunAsync(connection => AddAsync(connection, records, cancellationToken), cancellationToken);

    private async Task AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RequestLogEntry> records,
        CancellationToken cancellationToken
    )
    {
        if (records.Count == 0)
        {
            return;
        }

        var mayBeKnown = records[0].Id == _last || records.Any(r => r.OccurredAt < time.GetUtcNow() - _late);
        _last = records[0].Id;
        try
        {
            if (!mayBeKnown)
            {
                await CopyAsync(connection, records, cancellationToken);
                return;
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Some come again: their batch had been stored, and its process or connection ended before it knew.
        }

        await AddNewAsync(connection, records, cancellationToken);
    }

    /// <summary>Adds those that are not there, be it in the sum of their day. Whoever sums up waits meanwhile, so that a record is either still there or known to be summed.</summary>
    private static async Task AddNewAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RequestLogEntry> records,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                RequestLogRollup.SharedLock,
                transaction: transaction,
                cancellationToken: cancellationToken
            )
        );
        var known = await connection.QueryAsync<Guid>(
            new CommandDefinition(
                Known,
                new { ids = records.Select(r => r.Id).ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        await CopyAsync(connection, records.ExceptBy(known, r => r.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection,
        IEnumerable<RequestLogEntry> records,
        CancellationToken cancellationToken
    )
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var entry in records)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(entry.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(entry.OccurredAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await TextAsync(entry.Caller);
            await TextAsync(entry.User);
            await TextAsync(entry.Route);
            await TextAsync(entry.RequestedModel);
            await TextAsync(entry.Provider);
            await TextAsync(entry.Model);
            await TextAsync(entry.Protocol);
            await BooleanAsync(entry.Streamed);
            await IntegerAsync(entry.Status);
            await TextAsync(entry.Error);
            await TextAsync(entry.FinishReason);
            await IntegerAsync(entry.InputTokens);
            await IntegerAsync(entry.OutputTokens);
            await IntegerAsync(entry.CacheReadTokens);
            await IntegerAsync(entry.CacheWriteTokens);
            await IntegerAsync(entry.ReasoningTokens);
            await BooleanAsync(entry.Estimated);
            await MaybeAsync(entry.Cost, NpgsqlDbType.Numeric);
            await BooleanAsync(entry.Cached);
            await MaybeAsync(entry.Saved, NpgsqlDbType.Numeric);
            await IntegerAsync(entry.Attempts);
            await copy.WriteAsync(entry.DurationMs, NpgsqlDbType.Double, cancellationToken);
            await MaybeAsync(entry.FirstChunkMs, NpgsqlDbType.Double);
            await TextAsync(entry.TraceParent);
        }

        await copy.CompleteAsync(cancellationToken);

        Task BooleanAsync(bool value) => copy.WriteAsync(value, NpgsqlDbType.Boolean, cancellationToken);

        Task IntegerAsync(int value) => copy.WriteAsync(value, NpgsqlDbType.Integer, cancellationToken);

        Task MaybeAsync<T>(T? value, NpgsqlDbType type)
            where T : struct =>
            value is { } known
                ? copy.WriteAsync(known, type, cancellationToken)
                : copy.WriteNullAsync(cancellationToken);

        // Postgres' text has no place for U+0000.
        Task TextAsync(string? value) =>
            value is null
                ? copy.WriteNullAsync(cancellationToken)
                : copy.WriteAsync(value.Replace('\0', ' '), NpgsqlDbType.Text, cancellationToken);
    }
}
