using System.Text.Json;
using System.Text.RegularExpressions;

namespace CogniForge.ServiceDefaults.Http;

/// <summary>Says in the client's terms what the JSON reader found.</summary>
internal static partial class JsonErrors
{
    /// <summary>The path of the offending value and the rule that it breaks; .NET's type names stay inside.</summary>
    public static FieldError Describe(JsonException exception)
    {
        var path = exception.Path is { Length: > 0 } p ? p.TrimStart('$').TrimStart('.') : "";
        if (NotConvertible().Match(exception.Message) is { Success: true } match)
        {
            return new(path, $"must be {Kind(match.Groups["type"].Value)}");
        }

        var position = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
        return new(path, $"is not well-formed JSON{position}");
    }

    private static string Kind(string type) => type.TrimEnd(']', '[') switch
    {
        var t when type.EndsWith("[]", StringComparison.Ordinal) || Has(t, "List") || Has(t, "Collection") || Has(t, "Enumerable") => "an array",
        var t when Has(t, "Dictionary") => "an object",
        var t when Has(t, "DateTime") => "a date and time in ISO 8601",
        var t when Has(t, "System.String") => "a string",
        var t when Has(t, "System.Boolean") => "true or false",
        var t when Has(t, "System.Guid") => "a UUID",
        var t when Has(t, "System.Int") || Has(t, "System.UInt") || Has(t, "System.Byte") => "a whole number in range",
        var t when Has(t, "System.Double") || Has(t, "System.Single") || Has(t, "System.Decimal") => "a number",
        _ => "an object",
    };

    private static bool Has(string type, string part) => type.Contains(part, StringComparison.Ordinal);

    [GeneratedRegex(@"could not be converted to (?<type>.+?)\. Path:")]
    private static partial Regex NotConvertible();
}
