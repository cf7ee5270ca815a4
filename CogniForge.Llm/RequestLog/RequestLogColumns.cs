using System.Data;
using System.Data.Common;
using System.Text.Json;
using NpgsqlTypes;

namespace CogniForge.Llm.RequestLog;

/// <summary>
/// The one map between <see cref="RequestLogEntry"/> and the table <c>completion</c>: COPY, SELECT, filters, usage
/// reports and rollups use it. The table has an entry's former name; renaming it is not worth a migration.
/// </summary>
internal static class RequestLogColumns
{
    public static IReadOnlyList<RequestLogColumn> All { get; } =
    [
        new("id", NpgsqlDbType.Uuid, e => e.Id),
        new("occurred_at", NpgsqlDbType.TimestampTz, e => e.OccurredAt),
        new("caller", NpgsqlDbType.Text, e => e.Caller) { GetFilter = f => f.Key, Dimension = UsageDimension.Key },
        new("end_user", NpgsqlDbType.Text, e => e.User) { GetFilter = f => f.User, Dimension = UsageDimension.User },
        new("route", NpgsqlDbType.Text, e => e.Route) { GetFilter = f => f.Route, Dimension = UsageDimension.Route },
        new("requested_model", NpgsqlDbType.Text, e => e.RequestedModel)
        {
            // Rows of the first version have none.
            Expression = "coalesce(requested_model, model) AS requested_model",
        },
        new("provider", NpgsqlDbType.Text, e => e.Provider)
        {
            GetFilter = f => f.Provider,
            Dimension = UsageDimension.Provider,
        },
        new("model", NpgsqlDbType.Text, e => e.Model) { GetFilter = f => f.Model, Dimension = UsageDimension.Model },
        new("protocol", NpgsqlDbType.Text, e => e.Protocol),
        new("streamed", NpgsqlDbType.Boolean, e => e.Streamed),
        new("status", NpgsqlDbType.Integer, e => e.Status) { GetFilter = f => f.Status },
        new("error", NpgsqlDbType.Text, e => e.Error) { GetFilter = f => f.Error },
        new("finish_reason", NpgsqlDbType.Text, e => e.FinishReason),
        new("input_tokens", NpgsqlDbType.Integer, e => e.InputTokens),
        new("output_tokens", NpgsqlDbType.Integer, e => e.OutputTokens),
        new("cache_read_tokens", NpgsqlDbType.Integer, e => e.CacheReadTokens),
        new("cache_write_tokens", NpgsqlDbType.Integer, e => e.CacheWriteTokens),
        new("reasoning_tokens", NpgsqlDbType.Integer, e => e.ReasoningTokens),
        new("estimated", NpgsqlDbType.Boolean, e => e.Estimated),
        new("cost", NpgsqlDbType.Numeric, e => e.Cost),
        new("cached", NpgsqlDbType.Boolean, e => e.Cached),
        new("saved", NpgsqlDbType.Numeric, e => e.Saved),
        new("attempts", NpgsqlDbType.Integer, e => e.Attempts),
        new("duration_ms", NpgsqlDbType.Double, e => e.DurationMs),
        new("first_chunk_ms", NpgsqlDbType.Double, e => e.FirstChunkMs),
        new("trace_parent", NpgsqlDbType.Text, e => e.TraceParent),
        new("project", NpgsqlDbType.Text, e => e.Project)
        {
            GetFilter = f => f.Project,
            Dimension = UsageDimension.Project,
        },
        new("metadata", NpgsqlDbType.Jsonb, e => e.Metadata),
    ];

    public static IReadOnlyList<RequestLogColumn> Filterable { get; } = [.. All.Where(c => c.GetFilter is not null)];

    /// <summary>Finds the column of a dimension; null: it is the day.</summary>
    public static RequestLogColumn? Find(UsageDimension dimension) => All.FirstOrDefault(c => c.Dimension == dimension);

    /// <summary>Reads a row with all columns.</summary>
    public static RequestLogEntry Read(DbDataReader row)
    {
        return new()
        {
            Id = row.GetGuid("id"),
            OccurredAt = row.GetFieldValue<DateTimeOffset>("occurred_at"),
            Caller = row.GetString("caller"),
            User = Text("end_user"),
            Route = Text("route"),
            RequestedModel = row.GetString("requested_model"),
            Provider = row.GetString("provider"),
            Model = row.GetString("model"),
            Protocol = row.GetString("protocol"),
            Streamed = row.GetBoolean("streamed"),
            Status = row.GetInt32("status"),
            Error = Text("error"),
            FinishReason = Text("finish_reason"),
            InputTokens = row.GetInt32("input_tokens"),
            OutputTokens = row.GetInt32("output_tokens"),
            CacheReadTokens = row.GetInt32("cache_read_tokens"),
            CacheWriteTokens = row.GetInt32("cache_write_tokens"),
            ReasoningTokens = row.GetInt32("reasoning_tokens"),
            Estimated = row.GetBoolean("estimated"),
            Cost = Number<decimal>("cost"),
            Cached = row.GetBoolean("cached"),
            Saved = Number<decimal>("saved"),
            Attempts = row.GetInt32("attempts"),
            DurationMs = row.GetDouble("duration_ms"),
            FirstChunkMs = Number<double>("first_chunk_ms"),
            TraceParent = Text("trace_parent"),
            Project = Text("project"),
            Metadata = Text("metadata") is { } json
                ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)
                : null,
        };

        string? Text(string name) => row.IsDBNull(name) ? null : row.GetString(name);
        T? Number<T>(string name)
            where T : struct => row.IsDBNull(name) ? null : row.GetFieldValue<T>(name);
    }
}
