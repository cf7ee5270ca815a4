using System.Buffers.Binary;
using System.Data.Common;
using System.Globalization;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;

namespace CogniForge.Llm.RequestLog;

internal sealed class PostgresRequestLog(Database database) : IRequestLog
{
    private const string Matches = """
        (@Key::text IS NULL OR caller = @Key) AND (@User::text IS NULL OR end_user = @User) AND (@Route::text IS NULL OR route = @Route)
          AND (@Provider::text IS NULL OR provider = @Provider) AND (@Model::text IS NULL OR model = @Model)
          AND (@Status::int IS NULL OR status = @Status) AND (@Error::text IS NULL OR (error = @Error AND status <> 200))
        """;

    // The ids begin with the time, so their index finds a time as well; the time itself decides.
    private const string Records = $"""
        FROM completion
        WHERE {Matches}
          AND (@From::timestamptz IS NULL OR (occurred_at >= @From AND id >= @fromId)) AND (@To::timestamptz IS NULL OR (occurred_at < @To AND id < @toId))
        """;

    // A day counts as a whole, at its beginning.
    private const string Days = $"""
        FROM completion_day
        WHERE {Matches}
          AND (@From::timestamptz IS NULL OR day >= (@From AT TIME ZONE 'UTC')::date) AND (@To::timestamptz IS NULL OR day < (@To AT TIME ZONE 'UTC')::date)
        """;

    private const string Select = $"""
        SELECT id, occurred_at, caller, end_user, route, coalesce(requested_model, model), provider, model, protocol, streamed, status, error, finish_reason, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, estimated, cost, cached, saved, attempts, duration_ms, first_chunk_ms, trace_parent
        {Records} AND (@after::uuid IS NULL OR id < @after)
        ORDER BY id DESC LIMIT @limit
        """;

    /// <summary>The sums of records, in the order of the columns that keep them.</summary>
    public const string Sums = """
        count(*) AS requests, count(*) FILTER (WHERE status <> 200) AS failed, count(*) FILTER (WHERE cached) AS cached,
        coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens,
        coalesce(sum(cache_read_tokens), 0) AS cache_read_tokens, coalesce(sum(cache_write_tokens), 0) AS cache_write_tokens, coalesce(sum(reasoning_tokens), 0) AS reasoning_tokens,
        coalesce(sum(cost), 0) AS cost, coalesce(sum(saved), 0) AS saved,
        count(*) FILTER (WHERE cost IS NULL AND (status = 200 OR input_tokens + output_tokens > 0)) AS unpriced, count(*) FILTER (WHERE estimated) AS estimated
        """;

    private const string SumsOfSums = """
        sum(requests)::bigint AS requests, sum(failed)::bigint AS failed, sum(cached)::bigint AS cached, sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens,
        sum(cache_read_tokens)::bigint AS cache_read_tokens, sum(cache_write_tokens)::bigint AS cache_write_tokens, sum(reasoning_tokens)::bigint AS reasoning_tokens,
        sum(cost) AS cost, sum(saved) AS saved, sum(unpriced)::bigint AS unpriced, sum(estimated)::bigint AS estimated
        """;

    private const string Answered =
        "SELECT (SELECT count(*) FROM completion WHERE status = 200) + coalesce((SELECT sum(requests) FROM completion_day WHERE status = 200), 0)";

    private const string HasSums =
        "SELECT EXISTS (SELECT FROM completion_day WHERE day = (@moment AT TIME ZONE 'UTC')::date)";

    public async Task<Page<RequestLogEntry>> ListAsync(
        RequestLogFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Page.Create(
            await ReadAsync(Select, Parameters(filter, cursor, limit + 1), Record, cancellationToken),
            limit,
            r => Cursor.After(r.Id)
        );

    public Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var columns = groupBy.Select(Column).ToList();
        var (values, grouping) = (
            string.Concat(columns.Select(c => $"{c}, ")),
            columns.Count > 0 ? $"GROUP BY {string.Join(", ", columns)}" : ""
        );

        // One statement, and so one state of both tables, between which records move.
        var sql = $"""
            SELECT {values}{SumsOfSums}
            FROM (
                SELECT {values}{Sums} FROM (SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day {Records}) AS record {grouping}
                UNION ALL
                SELECT {values}{SumsOfSums} {Days} {grouping}
            ) AS part
            {grouping} HAVING sum(requests) > 0
            LIMIT @limit
            """;
        return ReadAsync(
            sql,
            Parameters(filter, default, limit),
            reader => new UsageGroup(
                [.. groupBy.Select((d, i) => Value(reader, d, i))],
                ReadSums(reader, columns.Count)
            ),
            cancellationToken
        );
    }

    public Task<bool> IsSummedAsync(DateTimeOffset moment, CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<bool>(
                    new CommandDefinition(
                        HasSums,
                        new { moment = moment.ToUniversalTime() },
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(Answered, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private static string? Value(DbDataReader row, UsageDimension dimension, int at) =>
        row.IsDBNull(at) ? null
        : dimension == UsageDimension.Day ? Day(row.GetFieldValue<DateOnly>(at))
        : row.GetString(at);

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        object parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken
    ) =>
        database.RunAsync<IReadOnlyList<T>>(
            async connection =>
            {
                await using var reader = await connection.ExecuteReaderAsync(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                );
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken
        );

    private static object Parameters(RequestLogFilter filter, Cursor cursor, int limit) =>
        new
        {
            filter.Key,
            filter.User,
            filter.Route,
            filter.Provider,
            filter.Model,
            filter.Status,
            filter.Error,
            From = filter.From?.ToUniversalTime(),
            To = filter.To?.ToUniversalTime(),
            fromId = FirstId(filter.From, 0),
            toId = FirstId(filter.To, 1),
            after = cursor.AfterId == Guid.Empty ? (Guid?)null : cursor.AfterId,
            limit,
        };

    private static string Column(UsageDimension dimension) =>
        dimension switch
        {
            UsageDimension.Key => "caller",
            UsageDimension.User => "end_user",
            UsageDimension.Model => "model",
            UsageDimension.Provider => "provider",
            UsageDimension.Route => "route",
            _ => "day",
        };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The least UUID of version 7 of a millisecond (RFC 9562, 5.7), or of one that comes after it.</summary>
    public static Guid? FirstId(DateTimeOffset? time, int later)
    {
        if (time is not { } moment)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)Math.Max(0, moment.ToUnixTimeMilliseconds() + later) << 16);
        return new(bytes, bigEndian: true);
    }

    private static UsageSums ReadSums(DbDataReader row, int at) =>
        new(
            row.GetInt64(at),
            row.GetInt64(at + 1),
            row.GetInt64(at + 2),
            row.GetInt64(at + 3),
            row.GetInt64(at + 4),
            row.GetInt64(at + 5),
            row.GetInt64(at + 6),
            row.GetInt64(at + 7),
            row.GetDecimal(at + 8),
            row.GetDecimal(at + 9),
            row.GetInt64(at + 10),
            row.GetInt64(at + 11)
        );

    private static RequestLogEntry Record(DbDataReader row)
    {
        string? Text(int i) => row.IsDBNull(i) ? null : row.GetString(i);
        T? Maybe<T>(int i)
            where T : struct => row.IsDBNull(i) ? null : row.GetFieldValue<T>(i);
        return new()
        {
            Id = row.GetGuid(0),
            OccurredAt = row.GetFieldValue<DateTimeOffset>(1),
            Caller = row.GetString(2),
            User = Text(3),
            Route = Text(4),
            RequestedModel = row.GetString(5),
            Provider = row.GetString(6),
            Model = row.GetString(7),
            Protocol = row.GetString(8),
            Streamed = row.GetBoolean(9),
            Status = row.GetInt32(10),
            Error = Text(11),
            FinishReason = Text(12),
            InputTokens = row.GetInt32(13),
            OutputTokens = row.GetInt32(14),
            CacheReadTokens = row.GetInt32(15),
            CacheWriteTokens = row.GetInt32(16),
            ReasoningTokens = row.GetInt32(17),
            Estimated = row.GetBoolean(18),
            Cost = Maybe<decimal>(19),
            Cached = row.GetBoolean(20),
            Saved = Maybe<decimal>(21),
            Attempts = row.GetInt32(22),
            DurationMs = row.GetDouble(23),
            FirstChunkMs = Maybe<double>(24),
            TraceParent = Text(25),
        };
    }
}
