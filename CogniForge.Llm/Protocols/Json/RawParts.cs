using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>Enumerates the items of an array or the members of an object without allocating.</summary>
internal ref struct RawParts
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _hasNames;
    private Utf8JsonReader _reader;
    private ReadOnlySpan<byte> _name;

    /// <param name="json">The array or object, without trailing content.</param>
    /// <exception cref="JsonException">The JSON is invalid, or neither an array nor an object.</exception>
    public RawParts(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new(json);
        _reader.Read();
        _hasNames = _reader.TokenType == JsonTokenType.StartObject;
        if (!_hasNames && _reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The value must be an object or an array.");
        }
    }

    public Utf8JsonScanner Value { get; private set; }

    /// <summary>Moves to the next item or member; false at the end.</summary>
    /// <exception cref="JsonException">The JSON is invalid.</exception>
    public bool Next()
    {
        if (!_reader.Read() || _reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            _reader.Read(); // throws for trailing content
            return false;
        }

        if (_hasNames)
        {
            _name = _json.Slice((int)_reader.TokenStartIndex, _reader.ValueSpan.Length + 2); // with its quotes
            _reader.Read();
        }

        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        Value = new(_json[start..(int)_reader.BytesConsumed]);
        return true;
    }

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
