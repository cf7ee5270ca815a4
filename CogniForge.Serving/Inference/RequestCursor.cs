using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.Serving.Models;

namespace CogniForge.Serving.Inference;

/// <summary>The place in a request body up to which it is read, and the first rule that was broken on the way.</summary>
/// <remarks>Malformed JSON throws <see cref="JsonException"/> as <see cref="Utf8JsonReader"/> does. The methods that expect something return false
/// where it is not there, and have then set <see cref="Broken"/>.</remarks>
internal ref struct RequestCursor(ReadOnlySpan<byte> utf8, int maxElements)
{
    private readonly int _length = utf8.Length;

    /// <summary>The current token.</summary>
    public Utf8JsonReader Json = new(utf8);

    /// <summary>The path of the object that is being read, such as <c>inputs[0]</c>; empty for the body itself.</summary>
    public string Within { get; set; } = "";

    /// <summary>The most elements of all input tensors together.</summary>
    public int MaxElements { get; } = maxElements;

    /// <summary>How many of them have not been used.</summary>
    public int ElementsLeft { get; set; } = maxElements;

    /// <summary>How many bytes follow the current token.</summary>
    public readonly long BytesLeft => _length - Json.BytesConsumed;

    /// <summary>What was wrong.</summary>
    public BrokenRule? Broken { get; private set; }

    /// <summary>Moves to the value of the next member of an object; false at its end. A name that is no valid Unicode is given as empty: nobody knows it.</summary>
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

    /// <summary>Moves to the next element of an array; false at its end.</summary>
    public bool NextElement() => Json.Read() && Json.TokenType != JsonTokenType.EndArray;

    /// <summary>Passes over a value.</summary>
    public bool Skip()
    {
        Json.Skip();
        return true;
    }

    /// <summary>Whether the value is null: in an optional member the same as not given.</summary>
    public readonly bool IsNull => Json.TokenType == JsonTokenType.Null;

    /// <summary>Expects an object; its own path when <paramref name="member"/> is empty.</summary>
    public bool IsObject(string member = "") =>
        Json.TokenType == JsonTokenType.StartObject || Fail(member, "must be an object");

    /// <summary>Expects an array.</summary>
    public bool IsArray(string member) =>
        Json.TokenType == JsonTokenType.StartArray || Fail(member, "must be an array");

    /// <summary>Expects that a member has not been given before: which of two counts is anybody's guess.</summary>
    public bool IsFirst(bool isFirst, string member) => isFirst || Fail(member, "must not be given twice");

    /// <summary>Expects that a member was given.</summary>
    public bool IsGiven([NotNullWhen(true)] object? value, string member) =>
        value is not null || Fail(member, BrokenRule.Required);

    /// <summary>Expects a string.</summary>
    public bool ReadText(string member, [NotNullWhen(true)] out string? text) =>
        (text = Text(ref Json)) is not null || Fail(member, "must be a string of valid Unicode");

    /// <summary>Expects an object and keeps it as it is.</summary>
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

    /// <summary>Says what is wrong, and is false.</summary>
    public bool Fail(string member, string rule)
    {
        var path = (Within, member) switch
        {
            ("", "") => BrokenRule.Body,
            ("", _) => member,
            (_, "") => Within,
            _ => $"{Within}.{member}",
        };
        Broken = new(path, rule);
        return false;
    }

    /// <summary>The string or property name at <paramref name="json"/>; null where it is something else or no valid Unicode.</summary>
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
            // A lone surrogate or broken UTF-8 is found only here, and there is no Try form of GetString.
            return null;
        }
    }
}
