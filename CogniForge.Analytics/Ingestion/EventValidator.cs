using System.Globalization;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Rejects JSON that Postgres' text and jsonb cannot store, before the event is acknowledged.</summary>
internal static class EventValidator
{
    /// <summary>
    /// The maximum nesting of an event's properties, within JSON readers' limits even inside an array of events.
    /// </summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// The maximum digits and exponent of a number: jsonb keeps at most 16,383 decimals, a double needs far less.
    /// </summary>
    public const int MaxNumberLength = 400;

    /// <summary>
    /// Whether Postgres can store the text: all but U+0000. (.NET already rejects invalid Unicode when reading.)
    /// </summary>
    public static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>
    /// The first error in a JSON value, its path relative to the value; null if Postgres can store it.
    /// </summary>
    public static FieldError? Validate(JsonElement value) => Validate(value, 1);

    private static FieldError? Validate(JsonElement value, int depth) =>
        value.ValueKind switch
        {
            JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth => new FieldError(
                "",
                $"must not be nested deeper than {MaxDepth} levels"
            ),
            JsonValueKind.Object => value
                .EnumerateObject()
                .Select(member => ValidateMember(member, depth))
                .FirstOrDefault(error => error is not null),
            JsonValueKind.Array => value
                .EnumerateArray()
                .Select((item, i) => ValidateItem(item, i, depth))
                .FirstOrDefault(error => error is not null),
            JsonValueKind.String when !IsText(value, static v => v.GetString()!) => new FieldError(
                "",
                "must be valid Unicode without U+0000"
            ),
            JsonValueKind.Number when !IsNumber(value.GetRawText()) => new FieldError(
                "",
                $"must be a number of at most {MaxNumberLength} characters "
                    + $"with an exponent from -{MaxNumberLength} to {MaxNumberLength}"
            ),
            _ => null,
        };

    private static FieldError? ValidateMember(JsonProperty member, int depth) =>
        !IsText(member, static m => m.Name) ? new FieldError("", "must have names of valid Unicode without U+0000")
        : Validate(member.Value, depth + 1) is { } error ? error with { Path = $".{member.Name}{error.Path}" }
        : null;

    private static FieldError? ValidateItem(JsonElement item, int index, int depth) =>
        Validate(item, depth + 1) is { } error ? error with { Path = $"[{index}]{error.Path}" } : null;

    private static bool IsText<T>(T source, Func<T, string> read)
    {
        try
        {
            return IsText(read(source));
        }
        catch (InvalidOperationException)
        {
            // The reader detects escaped lone surrogates and invalid UTF-8 only here, and it has no Try form.
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
