using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CogniForge.Llm.RequestLog;

/// <summary>A column of the request log.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Type">The type in the table.</param>
/// <param name="GetValue">Gets the value of an entry.</param>
internal sealed record RequestLogColumn(string Name, NpgsqlDbType Type, Func<RequestLogEntry, object?> GetValue)
{
    /// <summary>The expression that selects the value. Default: the name.</summary>
    public string Expression { get; init; } = Name;

    /// <summary>
    /// Gets the value that a filter requires, null for any. Default: null, not filterable. The rollups group by each
    /// filterable column, so <c>completion_day</c> has it as well.
    /// </summary>
    public Func<RequestLogFilter, object?>? GetFilter { get; init; }

    /// <summary>The dimension of usage reports. Default: none.</summary>
    public UsageDimension? Dimension { get; init; }

    public bool Matches(RequestLogFilter filter, RequestLogEntry entry) =>
        GetFilter?.Invoke(filter) is not { } required || required.Equals(GetValue(entry));

    public Task WriteAsync(NpgsqlBinaryImporter import, RequestLogEntry entry, CancellationToken cancellationToken) =>
        GetValue(entry) switch
        {
            null => import.WriteNullAsync(cancellationToken),

            IReadOnlyDictionary<string, string> map => import.WriteAsync(
                JsonSerializer.Serialize(map),
                Type,
                cancellationToken
            ),

            // The type text of Postgres cannot contain U+0000.
            string text => import.WriteAsync(text.Replace('\0', ' '), Type, cancellationToken),
            var value => import.WriteAsync(value, Type, cancellationToken),
        };
}
