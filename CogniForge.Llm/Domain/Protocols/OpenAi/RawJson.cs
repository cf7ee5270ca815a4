using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Domain.Protocols.OpenAi;

/// <summary>A value of a provider's JSON as it is written. Streams are read by this and not as documents: of their many small events next to nothing is asked.</summary>
/// <param name="json">The value, sound JSON; empty: there is none.</param>
internal readonly ref struct RawJson(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>What it is.</summary>
    public JsonValueKind Kind => _json.IsEmpty ? JsonValueKind.Undefined : _json[0] switch
    {
        (byte)'{' => JsonValueKind.Object,
        (byte)'[' => JsonValueKind.Array,
        (byte)'"' => JsonValueKind.String,
        (byte)'t' => JsonValueKind.True,
        (byte)'f' => JsonValueKind.False,
        (byte)'n' => JsonValueKind.Null,
        _ => JsonValueKind.Number,
    };

    /// <summary>Whether there is a value that is not <c>null</c>.</summary>
    public bool IsPresent => Kind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Whether it says nothing: <c>null</c>, or a string, array or object without anything in it.</summary>
    public bool IsEmpty => Kind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => _json.Length == 2,
        JsonValueKind.Array or JsonValueKind.Object => !new RawParts(_json).Next(),
        _ => false,
    };

    /// <summary>A count; null where it is no number. As <see cref="Elements.Count"/>.</summary>
    public int? Count => Kind == JsonValueKind.Number && Utf8Parser.TryParse(_json, out double number, out _) ? Elements.Bounded(number) : null;

    /// <summary>How many characters a string has; 0 where it is something else. As <see cref="Elements.Characters"/>.</summary>
    public int Characters => Kind == JsonValueKind.String ? Encoding.UTF8.GetCharCount(_json) - 2 : 0;

    /// <summary>The value to read all of it.</summary>
    public JsonElement Element() => _json.IsEmpty ? default : JsonElement.Parse(_json);

    /// <summary>Whether it is a string that is written like this, with its quotes.</summary>
    public bool Is(ReadOnlySpan<byte> text) => _json.SequenceEqual(text);

    /// <summary>The items of an array or the members of an object; nothing where it is something else.</summary>
    public RawParts Parts() => Kind is JsonValueKind.Array or JsonValueKind.Object ? new(_json) : default;
}

/// <summary>Goes through an array's items or an object's members.</summary>
internal ref struct RawParts
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _hasNames;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _name;

    /// <summary>Begins.</summary>
    /// <param name="json">The array or object; nothing may follow it.</param>
    /// <exception cref="JsonException">It is neither, or no sound JSON.</exception>
    public RawParts(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new(json);
        _reader.Read();
        _hasNames = _reader.TokenType == JsonTokenType.StartObject;
        if (!_hasNames && _reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("It must be an object or an array.");
        }
    }

    /// <summary>The value.</summary>
    public RawJson Value { get; private set; }

    /// <summary>Goes on to the next one.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="JsonException">It is no sound JSON.</exception>
    public bool Next()
    {
        if (!_reader.Read() || _reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            _reader.Read(); // finds what may not follow
            return false;
        }

        if (_hasNames)
        {
            _name = _json.Slice((int)_reader.TokenStartIndex, _reader.ValueSpan.Length + 2); // in its quotes
            _reader.Read();
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Value = new(_json[start..(int)_reader.BytesConsumed]);
        return true;
    }

    /// <summary>Whether the member has this name.</summary>
    public readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        var own = _name[1..^1];
        if (!own.Contains((byte)'\\'))
        {
            return own.SequenceEqual(name);
        }

        var escaped = new Utf8JsonReader(_name);
        escaped.Read();
        return escaped.ValueTextEquals(name);
    }
}
