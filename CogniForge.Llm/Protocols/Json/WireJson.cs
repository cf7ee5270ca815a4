using System.Buffers;
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

    /// <summary>Writes a body, which may be large.</summary>
    /// <remarks><see cref="JsonSerializer"/> would keep a buffer of its size for each thread.</remarks>
    public static ReadOnlyMemory<byte> Write(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder });
        node.WriteTo(json, Options);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
