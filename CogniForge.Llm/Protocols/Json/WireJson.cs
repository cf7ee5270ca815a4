using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// Options for writing wire JSON: non-ASCII letters are not escaped, as in providers' and SDKs' own JSON.
/// </summary>
internal static class WireJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerOptions.Default) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What long texts cost below it is small, and finding them costs time.
    private const int MaxSmallBytes = 1024 * 1024;
    private const int MaxPiece = 16 * 1024;
    private const int MinCapacity = 4 * 1024;
    private const int UnitDigits = 4;

    /// <summary>Writes a body, which may be large.</summary>
    /// <param name="node">The body.</param>
    /// <param name="sourceBytes">The bytes of the JSON that the body was made from; 0: it is small.</param>
    /// <remarks><see cref="JsonSerializer"/> would keep a buffer of its size for each thread.</remarks>
    public static ReadOnlyMemory<byte> Write(JsonNode node, int sourceBytes = 0) =>
        // About as large as the source, because growing copies the buffer.
        sourceBytes > MaxSmallBytes
            ? Write(node, sourceBytes + (sourceBytes / 16), inPieces: true)
            : Write(node, MinCapacity, inPieces: false);

    /// <summary>Writes a body of unknown size, which may be large.</summary>
    public static ReadOnlyMemory<byte> WriteInPieces(JsonNode node) => Write(node, MinCapacity, inPieces: true);

    /// <summary>
    /// Writes a value as a text that a model reads. The writer escapes emoji and other characters, which would give
    /// them up to three times their bytes, and the model more tokens than a budget has reserved.
    /// </summary>
    public static string WriteText(JsonNode node)
    {
        var json = node.ToJsonString(Options);
        if (!json.Contains(@"\u", StringComparison.Ordinal))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                text.Append(json[i]);
            }
            else if (json[i + 1] == 'u' && ReadUnit(json.AsSpan(i + 2, UnitDigits)) is > '\x7f' and var unit)
            {
                text.Append(unit); // a surrogate follows its other half
                i += 1 + UnitDigits;
            }
            else
            {
                text.Append(json, i++, 2); // an escaped backslash begins no other escape
            }
        }

        return text.ToString();
    }

    private static char ReadUnit(ReadOnlySpan<char> digits) =>
        (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Write(JsonNode node, int capacity, bool inPieces)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder });
        if (inPieces)
        {
            WriteLarge(json, node);
        }
        else
        {
            node.WriteTo(json, Options);
        }

        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteLarge(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonObject members:
                json.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    json.WritePropertyName(name);
                    WriteLarge(json, value);
                }

                json.WriteEndObject();
                break;
            case JsonArray items:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    WriteLarge(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                WriteValue(json, node.AsValue());
                break;
        }
    }

    /// <summary>
    /// Writes a long text as it was sent, or in pieces: for one that needs an escape, the writer takes 12 times its
    /// length, and keeps it.
    /// </summary>
    private static void WriteValue(Utf8JsonWriter json, JsonValue value)
    {
        if (value.TryGetValue(out JsonElement element))
        {
            var raw = JsonMarshal.GetRawUtf8Value(element);
            if (raw.Length > MaxPiece)
            {
                json.WriteRawValue(raw, skipInputValidation: true);
                return;
            }
        }
        else if (value.TryGetValue(out string? text) && text.Length > MaxPiece)
        {
            for (var rest = text.AsSpan(); !rest.IsEmpty; rest = rest[Math.Min(rest.Length, MaxPiece)..])
            {
                json.WriteStringValueSegment(rest[..Math.Min(rest.Length, MaxPiece)], rest.Length <= MaxPiece);
            }

            return;
        }

        value.WriteTo(json, Options);
    }
}
