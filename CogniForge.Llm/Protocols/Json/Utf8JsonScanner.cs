using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>A value of a provider's JSON as it is written. Streams are read by this and not as documents: of their many small events next to nothing is asked.</summary>
/// <param name="json">The value, sound JSON; empty: there is none.</param>
internal readonly ref struct Utf8JsonScanner(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>What it is.</summary>
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

    /// <summary>Whether there is a value that is not <c>null</c>.</summary>
    public bool IsPresent => Kind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Whether it says nothing: <c>null</c>, or a string, array or object without anything in it.</summary>
    public bool IsEmpty =>
        Kind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.String => _json.Length == 2,
            JsonValueKind.Array or JsonValueKind.Object => !new RawParts(_json).Next(),
            _ => false,
        };

    /// <summary>A count; null where it is no number. As <see cref="JsonElementExtensions.Count"/>.</summary>
    public int? Count =>
        Kind == JsonValueKind.Number && Utf8Parser.TryParse(_json, out double number, out _)
            ? JsonElementExtensions.Bounded(number)
            : null;

    /// <summary>How many characters a string has; 0 where it is something else. As <see cref="JsonElementExtensions.Characters"/>.</summary>
    public int Characters => Kind == JsonValueKind.String ? Encoding.UTF8.GetCharCount(_json) - 2 : 0;

    /// <summary>The value to read all of it.</summary>
    public JsonElement Element() => _json.IsEmpty ? default : JsonElement.Parse(_json);

    /// <summary>Whether it is a string that is written like this, with its quotes.</summary>
    public bool Is(ReadOnlySpan<byte> text) => _json.SequenceEqual(text);

    /// <summary>The items of an array or the members of an object; nothing where it is something else.</summary>
    public RawParts Parts() => Kind is JsonValueKind.Array or JsonValueKind.Object ? new(_json) : default;
}
