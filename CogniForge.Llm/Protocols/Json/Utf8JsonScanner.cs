using System.Buffers.Text;
using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// A raw value of a provider's JSON. Streams have many small events of which the gateway reads few members, so scanning
/// is cheaper than a <see cref="JsonDocument"/> per event.
/// </summary>
/// <param name="json">The value, valid JSON; empty if absent.</param>
internal readonly ref struct Utf8JsonScanner(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public JsonValueKind Kind =>
        _json.IsEmpty
            ? JsonValueKind.Undefined
            : _json[0] switch
            {
                (byte)'{' => JsonValueKind.Object,
                (byte)'[' => JsonValueKind.Array,
                (byte)'"' => JsonValueKind.String,
                (byte)'t' => JsonValueKind.True,
                (byte)'f' => JsonValueKind.False,
                (byte)'n' => JsonValueKind.Null,
                _ => JsonValueKind.Number,
            };

    /// <summary>Whether the value is neither absent nor <c>null</c>.</summary>
    public bool IsPresent => Kind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Whether the value is <c>null</c>, or an empty string, array or object.</summary>
    public bool IsEmpty =>
        Kind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.String => _json.Length == 2,
            JsonValueKind.Array or JsonValueKind.Object => !new RawParts(_json).Next(),
            _ => false,
        };

    /// <summary>The value as a count; null if it is not a number. See <see cref="JsonExtensions.Count"/>.</summary>
    public int? Count =>
        Kind == JsonValueKind.Number && Utf8Parser.TryParse(_json, out double number, out _)
            ? JsonExtensions.Bounded(number)
            : null;

    /// <summary>The raw value; empty if absent.</summary>
    public ReadOnlySpan<byte> Json => _json;

    /// <summary>Parses the whole value.</summary>
    public JsonElement Element() => _json.IsEmpty ? default : JsonElement.Parse(_json);

    /// <summary>Whether the raw JSON equals <paramref name="text"/>, including a string's quotes.</summary>
    public bool Is(ReadOnlySpan<byte> text) => _json.SequenceEqual(text);

    /// <summary>The items of an array or the members of an object; none if it is neither.</summary>
    public RawParts Parts() => Kind is JsonValueKind.Array or JsonValueKind.Object ? new(_json) : default;
}
