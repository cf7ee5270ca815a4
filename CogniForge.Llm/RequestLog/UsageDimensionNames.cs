using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.RequestLog;

/// <summary>The names of dimensions in the query parameter <c>groupBy</c> and in reports.</summary>
internal static class UsageDimensionNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetNames<UsageDimension>().Select(JsonNamingPolicy.CamelCase.ConvertName),
    ];

    public static string GetName(UsageDimension dimension) => _names[(int)dimension];

    public static IReadOnlyList<UsageDimension> Parse(string? groupBy, FieldErrors errors)
    {
        var names = (groupBy ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Except(_names).Any() || names.Distinct().Count() < names.Length)
        {
            var rule = $"must be any of {string.Join(", ", _names)}, each at most once, separated by commas";
            errors.Add(new("groupBy", rule));
            return [];
        }

        return [.. names.Select(name => (UsageDimension)Array.IndexOf(_names, name))];
    }
}
