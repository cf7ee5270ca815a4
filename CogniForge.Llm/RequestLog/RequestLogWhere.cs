using System.Text.Json;
using Dapper;

namespace CogniForge.Llm.RequestLog;

/// <summary>The conditions of a filter in SQL, with their parameters.</summary>
internal sealed class RequestLogWhere
{
    private readonly List<string> _common = [];
    private readonly List<string> _ofEntries = [];
    private readonly List<string> _ofRollups = [];

    public RequestLogWhere(RequestLogFilter filter)
    {
        foreach (var column in RequestLogColumns.Filterable)
        {
            if (column.GetFilter!(filter) is { } value)
            {
                _common.Add($"{column.Name} = @{column.Name}");
                Parameters.Add(column.Name, value);
            }
        }

        if (filter.Error is not null)
        {
            // Lets the index of failed requests find it.
            _common.Add("status <> 200");
        }

        if (filter.Metadata.Count > 0)
        {
            Add("metadata @> @metadata::jsonb", "metadata", JsonSerializer.Serialize(filter.Metadata));
            _ofRollups.Add("false");
        }

        AddBound(filter.From, ">=", "from", 0);
        AddBound(filter.To, "<", "to", 1);
    }

    public DynamicParameters Parameters { get; } = new();

    /// <summary>The condition for the table <c>completion</c>.</summary>
    public string OfEntries => string.Join(" AND ", ["true", .. _common, .. _ofEntries]);

    /// <summary>The condition for the table <c>completion_day</c>.</summary>
    public string OfRollups => string.Join(" AND ", ["true", .. _common, .. _ofRollups]);

    /// <summary>Adds a condition on entries alone.</summary>
    public void Add(string condition, string parameter, object value)
    {
        _ofEntries.Add(condition);
        Parameters.Add(parameter, value);
    }

    // The ids have the order of time: their index finds the entries, the exact time decides.
    private void AddBound(DateTimeOffset? time, string comparison, string parameter, int laterMs)
    {
        if (time?.ToUniversalTime() is { } bound)
        {
            Add($"occurred_at {comparison} @{parameter}", parameter, bound);
            Add($"id {comparison} @{parameter}_id", $"{parameter}_id", RequestLogIds.GetFirst(bound, laterMs));
            _ofRollups.Add($"day {comparison} (@{parameter} AT TIME ZONE 'UTC')::date");
        }
    }
}
