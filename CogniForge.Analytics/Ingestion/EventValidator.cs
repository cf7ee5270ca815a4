using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
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
            JsonValueKind.Object => ValidateMembers(value, depth),
            JsonValueKind.Array => ValidateItems(value, depth),
            JsonValueKind.String when !IsText(JsonMarshal.GetRawUtf8Value(value), value, static v => v.GetString()!) =>
                new FieldError("", "must be valid Unicode without U+0000"),
            JsonValueKind.Number when !IsNumber(JsonMarshal.GetRawUtf8Value(value)) => new FieldError(
                "",
                $"must be a number of at most {MaxNumberLength} characters "
                    + $"with an exponent from -{MaxNumberLength} to {MaxNumberLength}"
            ),
            _ => null,
        };

    private static FieldError? ValidateMembers(JsonElement value, int depth)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!IsText(JsonMarshal.GetRawUtf8PropertyName(member), member, static m => m.Name))
            {
                return new FieldError("", "must have names of valid Unicode without U+0000");
            }

            if (Validate(member.Value, depth + 1) is { } error)
            {
                return error with { Path = $".{member.Name}{error.Path}" };
            }
        }

        return null;
    }

    private static FieldError? ValidateItems(JsonElement value, int depth)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Validate(item, depth + 1) is { } error)
            {
                return error with { Path = $"[{index}]{error.Path}" };
            }

            index++;
        }

        return null;
    }

    /// <summary>Whether Postgres can store a text. JSON cannot contain U+0000 unless it is escaped.</summary>
    private static bool IsText<T>(ReadOnlySpan<byte> raw, T source, Func<T, string> read)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return Utf8.IsValid(raw);
        }

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

    private static bool IsNumber(ReadOnlySpan<byte> number)
    {
        var exponent = number[(number.IndexOfAny("eE"u8) + 1)..];
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
