using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>The position in a request body, and the first error found before it.</summary>
/// <remarks>
/// Malformed JSON throws <see cref="JsonException"/>, as <see cref="Utf8JsonReader"/> does. A method that expects a
/// value returns false if the value is missing or wrong, after it has set <see cref="Error"/>.
/// </remarks>
internal ref struct RequestCursor(ReadOnlySpan<byte> utf8, int maxElements)
{
    private readonly int _length = utf8.Length;

    /// <summary>The current token.</summary>
    public Utf8JsonReader Json = new(utf8);

    /// <summary>The path of the object being read, such as <c>inputs[0]</c>; empty for the body itself.</summary>
    public string Within { get; set; } = "";

    /// <summary>The maximum number of elements of all input tensors together.</summary>
    public int MaxElements { get; } = maxElements;

    /// <summary>How many more elements the remaining input tensors may have.</summary>
    public int ElementsLeft { get; set; } = maxElements;

    /// <summary>The number of bytes after the current token.</summary>
    public readonly long BytesLeft => _length - Json.BytesConsumed;

    /// <summary>The first error.</summary>
    public FieldError? Error { get; private set; }

    /// <summary>Moves to the value of the next member of an object; false at the object's end.</summary>
    /// <remarks>A name that is not valid Unicode becomes empty, which matches no known member.</remarks>
    public bool NextMember(out string name)
    {
        name = "";
        Json.Read();
        if (Json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = Text(ref Json) ?? "";
        return Json.Read();
    }

    /// <summary>Moves to the next element of an array; false at the array's end.</summary>
    public bool NextElement() => Json.Read() && Json.TokenType != JsonTokenType.EndArray;

    public bool Skip()
    {
        Json.Skip();
        return true;
    }

    /// <summary>Whether the value is null, which in an optional member means absent.</summary>
    public readonly bool IsNull => Json.TokenType == JsonTokenType.Null;

    /// <summary>Expects an object; an empty <paramref name="member"/> means the object being read.</summary>
    public bool IsObject(string member = "") =>
        Json.TokenType == JsonTokenType.StartObject || Fail(member, "must be an object");

    public bool IsArray(string member) =>
        Json.TokenType == JsonTokenType.StartArray || Fail(member, "must be an array");

    /// <summary>Expects that a member appears once, because JSON does not define which duplicate counts.</summary>
    public bool IsFirst(bool isFirst, string member) => isFirst || Fail(member, "must not be given twice");

    /// <summary>Expects that a required member is present.</summary>
    public bool IsGiven([NotNullWhen(true)] object? value, string member) =>
        value is not null || Fail(member, "is required");

    public bool ReadText(string member, [NotNullWhen(true)] out string? text) =>
        (text = Text(ref Json)) is not null || Fail(member, "must be a string of valid Unicode");

    /// <summary>Expects an object and keeps its JSON unread.</summary>
    public bool ReadParameters(string member, out JsonElement? parameters)
    {
        parameters = null;
        if (!IsObject(member))
        {
            return false;
        }

        parameters = JsonElement.ParseValue(ref Json);
        return true;
    }

    /// <summary>Records the error and returns false.</summary>
    public bool Fail(string member, string rule)
    {
        var path = (Within, member) switch
        {
            ("", "") => "",
            ("", _) => member,
            (_, "") => Within,
            _ => $"{Within}.{member}",
        };
        Error = new FieldError(path, rule);
        return false;
    }

    /// <summary>
    /// The string or property name at <paramref name="json"/>; null if it is neither, or invalid Unicode.
    /// </summary>
    public static string? Text(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return null;
        }

        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            // GetString detects lone surrogates and invalid UTF-8 only here, and it has no Try form.
            return null;
        }
    }
}
