using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>The position in a request body, and the first error found before it.</summary>
/// <remarks>
/// Malformed JSON throws <see cref="JsonException"/>, as <see cref="Utf8JsonReader"/> does. A method that expects a
/// value returns false if the value is missing or wrong, after it has set <see cref="Error"/>.
/// </remarks>
/// <param name="utf8">The JSON of the body.</param>
/// <param name="raw">The raw bytes after the JSON.</param>
/// <param name="maxElements">The maximum number of elements of all input tensors together.</param>
/// <param name="canScan">Whether numbers may be scanned; then the positions of later errors are wrong.</param>
internal ref struct RequestCursor(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> raw, int maxElements, bool canScan)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private ReadOnlySpan<byte> _raw = raw;
    private int _start;

    /// <summary>The current token.</summary>
    public Utf8JsonReader Json = new(utf8);

    /// <summary>The path of the object being read, such as <c>inputs[0]</c>; empty for the body itself.</summary>
    public string Within { get; set; } = "";

    /// <summary>The maximum number of elements of all input tensors together.</summary>
    public int MaxElements { get; } = maxElements;

    /// <summary>How many more elements the remaining input tensors may have.</summary>
    public int ElementsLeft { get; set; } = maxElements;

    /// <summary>The number of bytes after the current token.</summary>
    public readonly long BytesLeft => _utf8.Length - _start - Json.BytesConsumed;

    /// <summary>The number of raw bytes that no tensor has taken.</summary>
    public readonly int RawBytesLeft => _raw.Length;

    /// <summary>Whether numbers were scanned, so that positions in messages are wrong.</summary>
    public bool HasScanned { get; private set; }

    /// <summary>The current position.</summary>
    public RequestMark Mark
    {
        readonly get => new(Json, _start);
        set
        {
            Json = value.Json;
            _start = value.Start;
        }
    }

    /// <summary>The first error.</summary>
    public FieldError? Error { get; private set; }

    /// <summary>Finds the bytes of the array at the current token, if numbers may be scanned.</summary>
    public readonly bool TryGetArray(out ReadOnlySpan<byte> utf8, out int start)
    {
        utf8 = _utf8;
        start = _start + (int)Json.TokenStartIndex;
        return canScan && Json.TokenType == JsonTokenType.StartArray;
    }

    /// <summary>Moves from the start of an array to its end, without reading what is between.</summary>
    /// <param name="end">The index of the closing bracket.</param>
    public void JumpToArrayEnd(int end)
    {
        Json = new(_utf8[end..], isFinalBlock: true, Json.CurrentState);
        _start = end;
        HasScanned = true;
        Json.Read();
    }

    /// <summary>Takes the next raw bytes; false if there are fewer.</summary>
    public bool TryTakeRaw(int size, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (size < 0 || size > _raw.Length)
        {
            return false;
        }

        bytes = _raw[..size];
        _raw = _raw[size..];
        return true;
    }

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
