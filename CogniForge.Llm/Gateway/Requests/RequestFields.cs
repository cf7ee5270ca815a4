using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>
/// Reads and validates members of a request's raw JSON; the provider validates the fields that the gateway does not
/// use.
/// </summary>
internal static class RequestFields
{
    private const int ImageCharacters = 4_000;
    private static readonly SearchValues<byte> _base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="u8
    );

    /// <summary>Reads a required string.</summary>
    public static string? ReadString(JsonElement element, string name, string path, FieldErrors errors)
    {
        if (element.TryGetProperty(name, out var value) && ReadUnicode(value) is { Length: > 0 } text)
        {
            return text;
        }

        errors.Add(new(path, InvalidUnicode.StringRule));
        return null;
    }

    public static string? ReadOptionalString(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? ReadUnicode(value) : null;

    /// <summary>Reads an optional string with the maximum length of a user name.</summary>
    public static string? ReadShortString(JsonElement element, string name, string path, FieldErrors errors)
    {
        var text = ReadOptionalString(element, name);
        if (text?.Length > TextLimits.MaxUser)
        {
            errors.Add(new(path, $"must be at most {TextLimits.MaxUser} characters"));
        }

        return text;
    }

    /// <summary>Reads an optional whole number from 1 to a maximum.</summary>
    public static int? ReadPositiveInteger(
        JsonElement body,
        string name,
        FieldErrors errors,
        int max = int.MaxValue
    )
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number)
            && number >= 1
            && number <= max
        )
        {
            return number;
        }

        var namesMax = max < int.MaxValue || (value.ValueKind == JsonValueKind.Number && value.GetDouble() > max);
        errors.Add(new(name, $"must be a whole number, 1 {(namesMax ? $"to {max}" : "or more")}"));
        return null;
    }

    /// <summary>Reads an optional Boolean. Default: false.</summary>
    public static bool ReadBoolean(JsonElement body, string name, string path, FieldErrors errors)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return false;
        }

        if (value.ValueKind != JsonValueKind.True)
        {
            errors.Add(new(path, "must be true or false"));
        }

        return true;
    }

    /// <summary>Reads a string; null: the value is not a string, or not valid Unicode.</summary>
    public static string? ReadUnicode(JsonElement value) => value.ValidText();

    /// <summary>Whether a string is valid Unicode, which is not copied.</summary>
    public static bool IsUnicode(JsonElement value) => InvalidUnicode.IsValid(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Estimates the characters that the model reads; an image counts as a thousand tokens.</summary>
    public static int CountCharacters(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => CountStringCharacters(value),
            JsonValueKind.Object when RequestImages.IsImage(value) => ImageCharacters,
            JsonValueKind.Object => value.EnumerateObject().Sum(m => CountCharacters(m.Value)),
            JsonValueKind.Array => value.EnumerateArray().Sum(CountCharacters),
            _ => 0,
        };

    /// <summary>Estimates the characters of a member; 0 if it is absent.</summary>
    public static int CountCharacters(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? CountCharacters(value) : 0;

    // Counts UTF-8 bytes: scripts with longer encodings, such as Chinese, also need more tokens.
    private static int CountStringCharacters(JsonElement value)
    {
        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return text.Length > ImageCharacters && (text.StartsWith("data:"u8) || !text.ContainsAnyExcept(_base64))
            ? ImageCharacters
            : text.Length;
    }
}
