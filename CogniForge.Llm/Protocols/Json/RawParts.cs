using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

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
    public Utf8JsonScanner Value { get; private set; }

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
