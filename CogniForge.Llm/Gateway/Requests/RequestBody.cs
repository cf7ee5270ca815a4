using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using CogniForge.Llm.Limits;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Gateway.Requests;

/// <summary>Reads members of a request's raw JSON and says of each what is wrong: fields that the gateway does not use itself are the provider's business.</summary>
internal static class RequestBody
{
    private const int ImageCharacters = 4_000;
    private static readonly SearchValues<byte> _base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="u8
    );

    /// <summary>A text that must be there.</summary>
    public static string? Text(JsonElement element, string name, string path, List<FieldError> errors)
    {
        if (element.TryGetProperty(name, out var value) && Unicode(value) is { Length: > 0 } text)
        {
            return text;
        }

        errors.Add(new(path, "must be a string of valid Unicode that is not empty"));
        return null;
    }

    /// <summary>A text that may be there.</summary>
    public static string? OptionalText(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? Unicode(value) : null;

    /// <summary>A text that may be there, as long as what names a user may be.</summary>
    public static string? ShortText(JsonElement element, string name, string path, List<FieldError> errors)
    {
        var text = OptionalText(element, name);
        if (text?.Length > CogniForge.Llm.Protocols.ShortText.MaxUser)
        {
            errors.Add(new(path, $"must be at most {CogniForge.Llm.Protocols.ShortText.MaxUser} characters"));
        }

        return text;
    }

    /// <summary>A whole number, 1 or more, that may be there.</summary>
    public static int? Positive(JsonElement body, string name, List<FieldError> errors)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 1)
        {
            return number;
        }

        errors.Add(new(name, "must be a whole number, 1 or more"));
        return null;
    }

    /// <summary>A switch that may be there. Default: off.</summary>
    public static bool Flag(JsonElement body, string name, string path, List<FieldError> errors)
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

    /// <summary>The text of a string; null where it is something else, or no valid Unicode.</summary>
    public static string? Unicode(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate or broken UTF-8 is found only here, and there is no Try form of GetString.
            return null;
        }
    }

    /// <summary>Whether a string is valid Unicode; without escapes that is seen without making it.</summary>
    public static bool IsUnicode(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Contains((byte)'\\') ? Unicode(value) is not null : Utf8.IsValid(raw);
    }

    /// <summary>About how many characters a model is given to read; an image counts as much as a thousand tokens.</summary>
    public static int Characters(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => StringCharacters(value),
            JsonValueKind.Object when InputTokenUpperBound.IsImage(value) => ImageCharacters,
            JsonValueKind.Object => value.EnumerateObject().Sum(m => Characters(m.Value)),
            JsonValueKind.Array => value.EnumerateArray().Sum(Characters),
            _ => 0,
        };

    /// <summary>The characters of a member; 0 when it is not there.</summary>
    public static int Characters(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? Characters(value) : 0;

    // By bytes: what takes more of them, such as Chinese, takes more tokens, too.
    private static int StringCharacters(JsonElement value)
    {
        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return text.Length > ImageCharacters && (text.StartsWith("data:"u8) || !text.ContainsAnyExcept(_base64))
            ? ImageCharacters
            : text.Length;
    }
}
