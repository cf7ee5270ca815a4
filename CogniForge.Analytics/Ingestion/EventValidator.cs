using System.Globalization;
using System.Text.Json;

namespace CogniForge.Analytics.Ingestion;

/// <summary>What Postgres' text and jsonb can hold of what JSON can say. Clients are told at the edge: an event that was acknowledged must not turn out to be refused.</summary>
internal static class EventValidator
{
    /// <summary>The deepest nesting of an event's properties: well within what JSON readers take, also where the event lies in an array.</summary>
    public const int MaxDepth = 32;

    /// <summary>jsonb keeps every digit, zeros included, and ends at 16,383 behind the point; a double needs far less than this.</summary>
    public const int MaxNumberLength = 400;

    /// <summary>Whether a text that was read can be stored: Postgres has no place for U+0000. What is no Unicode, .NET does not read in the first place.</summary>
    public static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>The first place in a JSON value that cannot be stored, as a path to put behind the value's own, and the rule that it breaks; null when all of it can.</summary>
    public static (string Path, string Rule)? Validate(JsonElement value) => Validate(value, 1);

    private static (string Path, string Rule)? Validate(JsonElement value, int depth) =>
        value.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth => (
                "",
                $"must not be nested deeper than {MaxDepth} levels"
            ),
            JsonValueKind.Object => value
                .EnumerateObject()
                .Select(member => InMember(member, depth))
                .FirstOrDefault(broken => broken is not null),
            JsonValueKind.Array => value
                .EnumerateArray()
                .Select((item, i) => InItem(item, i, depth))
                .FirstOrDefault(broken => broken is not null),
            JsonValueKind.String when !IsText(value, static v => v.GetString()!) => (
                "",
                "must be valid Unicode without U+0000"
            ),
            JsonValueKind.Number when !IsNumber(value.GetRawText()) => (
                "",
                $"must be a number of at most {MaxNumberLength} characters with an exponent from -{MaxNumberLength} to {MaxNumberLength}"
            ),
            _ => null,
        };

    private static (string Path, string Rule)? InMember(JsonProperty member, int depth) =>
        !IsText(member, static m => m.Name) ? ("", "must have names of valid Unicode without U+0000")
        : Validate(member.Value, depth + 1) is var (path, rule) ? ($".{member.Name}{path}", rule)
        : null;

    private static (string Path, string Rule)? InItem(JsonElement item, int index, int depth) =>
        Validate(item, depth + 1) is var (path, rule) ? ($"[{index}]{path}", rule) : null;

    private static bool IsText<T>(T source, Func<T, string> read)
    {
        try
        {
            return IsText(read(source));
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate or broken UTF-8: the reader looks only now, and there is no Try form.
            return false;
        }
    }

    private static bool IsNumber(string number)
    {
        var exponent = number.AsSpan(number.AsSpan().IndexOfAny('e', 'E') + 1);
        return number.Length <= MaxNumberLength
            && (
                exponent.Length == number.Length
                || (
                    int.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e)
                    && e is >= -MaxNumberLength and <= MaxNumberLength
                )
            );
    }
}
