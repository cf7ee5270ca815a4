using System.Data.Common;
using System.Globalization;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Postgres;
using Dapper;
using Npgsql;

namespace CogniForge.Llm.RequestLog;

internal sealed class PostgresRequestLog(Database database, TimeProvider time) : IRequestLog
{
    private const string Known = """
        SELECT id FROM completion WHERE id = ANY(@ids)
        UNION ALL
        SELECT id FROM completion_summed WHERE id = ANY(@ids)
        """;

    private const string HasRolledUp = """
        SELECT EXISTS (
            SELECT FROM completion_day
            WHERE day BETWEEN (@first AT TIME ZONE 'UTC')::date AND (@last AT TIME ZONE 'UTC')::date
        )
        """;

    private static readonly string _copy =
        $"COPY completion ({string.Join(", ", RequestLogColumns.All.Select(c => c.Name))}) FROM STDIN (FORMAT BINARY)";

    private static readonly string _select =
        $"SELECT {string.Join(", ", RequestLogColumns.All.Select(c => c.Expression))} FROM completion";

    // Only days that have ended are rolled up. Half a day leaves room for clocks that differ.
    private static readonly TimeSpan _late = TimeSpan.FromHours(12);

    // The first entry of the last batch, which is repeated until its event has been published.
    private Guid _lastFirst;

    public Task AddAsync(IReadOnlyList<RequestLogEntry> entries, CancellationToken cancellationToken) =>
        entries.Count == 0
            ? Task.CompletedTask
            : database.RunAsync(connection => AddAsync(connection, entries, cancellationToken), cancellationToken);

    public async Task<Page<RequestLogEntry>> ListAsync(
        RequestLogFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var where = new RequestLogWhere(filter);
        if (cursor.AfterId != Guid.Empty)
        {
            where.Add("id < @after", "after", cursor.AfterId);
        }

        var sql = $"{_select} WHERE {where.OfEntries} ORDER BY id DESC LIMIT {limit + 1}";
        var entries = await ReadAsync(sql, where.Parameters, RequestLogColumns.Read, cancellationToken);
        return Page.Create(entries, limit, e => Cursor.After(e.Id));
    }

    public async Task<CountResponse> CountAsync(CancellationToken cancellationToken)
    {
        var sums = await SumAsync(new() { Status = 200 }, [], 1, cancellationToken);
        return sums is [var all] ? new(all.Sums.Requests, all.Sums.Completions) : new(0, 0);
    }

    public Task<IReadOnlyList<UsageGroup>> SumAsync(
        RequestLogFilter filter,
        IReadOnlyList<UsageDimension> groupBy,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var where = new RequestLogWhere(filter);
        string[] columns = [.. groupBy.Select((d, i) => GetColumn(d, i))];
        var ofMetadata = groupBy.Index().Where(d => d.Item.Metadata is not null).ToList();
        ofMetadata.ForEach(d => where.Parameters.Add($"name{d.Index}", d.Item.Metadata));
        var extra = string.Concat(ofMetadata.Select(d => $", metadata ->> @name{d.Index} AS metadata{d.Index}"));

        // Rollups have no metadata: they count only where it is not needed.
        var ofRollups = ofMetadata.Count == 0 ? where.OfRollups : "false";
        var noMetadata = string.Concat(ofMetadata.Select(d => $", NULL::text AS metadata{d.Index}"));
        var values = string.Concat(columns.Select(c => $"{c}, "));
        var grouping = columns.Length > 0 ? $"GROUP BY {string.Join(", ", columns)}" : "";

        // One statement sees one state of both tables, between which the rollup moves entries.
        var sql = $"""
            SELECT {values}{UsageColumns.SumRollups}
            FROM (
                SELECT {values}{UsageColumns.SumEntries}
                FROM (
                    SELECT *, (occurred_at AT TIME ZONE 'UTC')::date AS day{extra}
                    FROM completion WHERE {where.OfEntries}
                ) AS entry {grouping}
                UNION ALL
                SELECT {values}{UsageColumns.SumRollups}
                FROM (SELECT *{noMetadata} FROM completion_day WHERE {ofRollups}) AS rollup {grouping}
            ) AS part
            {grouping} HAVING sum(requests) > 0
            LIMIT {limit}
            """;
        return ReadAsync(
            sql,
            where.Parameters,
            row => new UsageGroup([.. groupBy.Select((d, i) => ReadValue(row, d, i))], UsageColumns.Read(row)),
            cancellationToken
        );
    }

    public Task<bool> HasRolledUpAsync(
        DateTimeOffset first,
        DateTimeOffset last,
        CancellationToken cancellationToken
    ) =>
        ReadScalarAsync<bool>(
            HasRolledUp,
            new { first = first.ToUniversalTime(), last = last.ToUniversalTime() },
            cancellationToken
        );

    private async Task AddAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RequestLogEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var mayBeKnown = entries[0].Id == _lastFirst || entries.Any(e => e.OccurredAt < time.GetUtcNow() - _late);
        _lastFirst = entries[0].Id;
        try
        {
            if (!mayBeKnown)
            {
                await CopyAsync(connection, entries, cancellationToken);
                return;
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The batch was stored, but its process or connection ended before the commit was confirmed.
        }

        await AddUnknownAsync(connection, entries, cancellationToken);
    }

    /// <summary>Adds the unknown entries. The lock holds off rollups, which move entries between the tables.</summary>
    private static async Task AddUnknownAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RequestLogEntry> entries,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(RequestLogRollup.SharedLock, null, transaction, cancellationToken: cancellationToken)
        );
        var ids = entries.Select(e => e.Id).ToArray();
        var known = await connection.QueryAsync<Guid>(
            new CommandDefinition(Known, new { ids }, transaction, cancellationToken: cancellationToken)
        );
        await CopyAsync(connection, entries.ExceptBy(known, e => e.Id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection,
        IEnumerable<RequestLogEntry> entries,
        CancellationToken cancellationToken
    )
    {
        await using var import = await connection.BeginBinaryImportAsync(_copy, cancellationToken);
        foreach (var entry in entries)
        {
            await import.StartRowAsync(cancellationToken);
            foreach (var column in RequestLogColumns.All)
            {
                await column.WriteAsync(import, entry, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    private Task<T> ReadScalarAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
        where T : struct =>
        database.RunAsync(
            connection =>
                connection.ExecuteScalarAsync<T>(
                    new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
                ),
            cancellationToken
        );

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        DynamicParameters parameters,
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

    private static string GetColumn(UsageDimension dimension, int index) =>
        dimension.Metadata is not null ? $"metadata{index}" : RequestLogColumns.Find(dimension)?.Name ?? "day";

    private static string? ReadValue(DbDataReader row, UsageDimension dimension, int ordinal) =>
        row.IsDBNull(ordinal) ? null
        : dimension == UsageDimension.Day
            ? row.GetFieldValue<DateOnly>(ordinal).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : row.GetString(ordinal);
}
