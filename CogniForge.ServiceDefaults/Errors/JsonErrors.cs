using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CogniForge.ServiceDefaults.OpenApi;

namespace CogniForge.ServiceDefaults.Errors;

/// <summary>Describes errors of the JSON reader in the client's terms, without .NET type names.</summary>
internal static partial class JsonErrors
{
    // The default of System.Text.Json.
    private const int DefaultDepth = 64;

    /// <summary>The path of the invalid value and the rule that it breaks.</summary>
    /// <param name="exception">The reader's exception.</param>
    /// <param name="body">The type of the body; null: unknown.</param>
    /// <param name="options">The options that read the body.</param>
    public static FieldError Describe(JsonException exception, Type? body, JsonSerializerOptions options)
    {
        var path = exception.Path is { Length: > 0 } p ? p.TrimStart('$').TrimStart('.') : "";
        if (MissingMembers().Match(exception.Message) is { Success: true } missing)
        {
            return new(path, $"must have {missing.Groups["names"].Value}");
        }

        if (UnknownMember().Match(exception.Message) is { Success: true } unknown)
        {
            return new(Join(path, unknown.Groups["name"].Value), "is not a known field");
        }

        if (DuplicateMember().Match(exception.Message) is { Success: true } duplicate)
        {
            var name = duplicate.Groups["name"];
            return new(name.Success ? Join(path, name.Value) : path, "must occur only once");
        }

        // Syntax errors are a subclass that the serializer wraps; the serializer itself reports values of the wrong
        // kind.
        if (exception.GetType() == typeof(JsonException) && exception.InnerException is not JsonException)
        {
            // Not the exception's message: for a member of a record, it names the record.
            return new(
                path,
                $"must be {WireTypes.Describe(body is null ? null : TypeAt(path, body, options), options)}"
            );
        }

        return exception.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? new(
                path,
                $"must not be nested more than {(options.MaxDepth > 0 ? options.MaxDepth : DefaultDepth)} levels deep"
            )
            : new(
                path,
                $"is not well-formed JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})"
            );
    }

    private static string Join(string path, string name) =>
        path == name || path.EndsWith($".{name}", StringComparison.Ordinal) ? path
        : path.Length == 0 ? name
        : $"{path}.{name}";

    private static Type? TypeAt(string path, Type body, JsonSerializerOptions options)
    {
        Type? type = body;
        foreach (var name in Step().Matches(path).Select(m => m.Groups["name"].Value))
        {
            if (type is null || !options.TryGetTypeInfo(type, out var info))
            {
                return null;
            }

            type =
                info.Kind == JsonTypeInfoKind.Object
                    ? info
                        .Properties.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        ?.PropertyType
                    : info.ElementType;
        }

        return type;
    }

    // a.b[0]['odd.name']
    [GeneratedRegex(@"\['(?<name>[^']*)'\]|\[(?<name>\d+)\]|(?<name>[^.\[\]]+)")]
    private static partial Regex Step();

    [GeneratedRegex(@"missing required properties including: (?<names>'.+')")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("^The JSON property '(?<name>[^']*)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("^Duplicate propert(y '(?<name>[^']*)'|ies not allowed)")]
    private static partial Regex DuplicateMember();
}
