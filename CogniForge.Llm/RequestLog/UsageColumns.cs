using System.Data;
using System.Data.Common;

namespace CogniForge.Llm.RequestLog;

/// <summary>The one map between <see cref="UsageSums"/> and SQL, for usage reports and rollups.</summary>
internal static class UsageColumns
{
    private const string Unpriced = "cost IS NULL AND (status = 200 OR input_tokens + output_tokens > 0)";

    private const string Completion =
        "status = 200 AND protocol IN ('chat_completions', 'responses', 'messages', 'completions')";

    private static readonly (string Name, string OfEntries, string Type)[] _all =
    [
        ("requests", "count(*)", "bigint"),
        ("failed", "count(*) FILTER (WHERE status <> 200)", "bigint"),
        ("cached", "count(*) FILTER (WHERE cached)", "bigint"),
        ("input_tokens", "coalesce(sum(input_tokens), 0)", "bigint"),
        ("output_tokens", "coalesce(sum(output_tokens), 0)", "bigint"),
        ("cache_read_tokens", "coalesce(sum(cache_read_tokens), 0)", "bigint"),
        ("cache_write_tokens", "coalesce(sum(cache_write_tokens), 0)", "bigint"),
        ("reasoning_tokens", "coalesce(sum(reasoning_tokens), 0)", "bigint"),
        ("cost", "coalesce(sum(cost), 0)", "numeric"),
        ("saved", "coalesce(sum(saved), 0)", "numeric"),
        ("unpriced", $"count(*) FILTER (WHERE {Unpriced})", "bigint"),
        ("estimated", "count(*) FILTER (WHERE estimated)", "bigint"),
        ("completions", $"count(*) FILTER (WHERE {Completion})", "bigint"),
    ];

    public static string Names { get; } = Join(c => c.Name);

    /// <summary>Sums entries.</summary>
    public static string SumEntries { get; } = Join(c => $"{c.OfEntries} AS {c.Name}");

    /// <summary>Sums rollups, or sums of both.</summary>
    public static string SumRollups { get; } = Join(c => $"sum({c.Name})::{c.Type} AS {c.Name}");

    /// <summary>Adds a conflicting row to the row <c>kept</c>.</summary>
    public static string AddExcluded { get; } = Join(c => $"{c.Name} = kept.{c.Name} + excluded.{c.Name}");

    public static UsageSums Read(DbDataReader row) =>
        new(
            row.GetInt64("requests"),
            row.GetInt64("failed"),
            row.GetInt64("cached"),
            row.GetInt64("input_tokens"),
            row.GetInt64("output_tokens"),
            row.GetInt64("cache_read_tokens"),
            row.GetInt64("cache_write_tokens"),
            row.GetInt64("reasoning_tokens"),
            row.GetDecimal("cost"),
            row.GetDecimal("saved"),
            row.GetInt64("unpriced"),
            row.GetInt64("estimated"),
            row.GetInt64("completions")
        );

    private static string Join(Func<(string Name, string OfEntries, string Type), string> write) =>
        string.Join(", ", _all.Select(write));
}
