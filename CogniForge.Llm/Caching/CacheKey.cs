using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Caching;

/// <summary>Equal requests have equal keys, however their JSON is formatted.</summary>
internal static class CacheKey
{
    // A streamed and a non-streamed request share their cached response.
    private static readonly string[] _transportFields = ["stream", "stream_options"];

    /// <param name="owner">The owner of the cached responses: an API key's id, or "shared".</param>
    /// <param name="route">The route's name.</param>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="body">The request body.</param>
    /// <param name="context">What else changes the response, in a fixed order.</param>
    /// <returns>A SHA-256 hash in hexadecimal.</returns>
    /// <exception cref="JsonException">The body contains invalid Unicode.</exception>
    public static string Compute(
        string owner,
        string route,
        Protocol protocol,
        JsonElement body,
        IEnumerable<string>? context = null
    ) =>
        InvalidUnicode.Throw(
            (owner, route, protocol, body, context),
            static s => Hash(s.owner, s.route, s.protocol, s.body, s.context)
        );

    private static string Hash(
        string owner,
        string route,
        Protocol protocol,
        JsonElement body,
        IEnumerable<string>? context
    )
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(owner);
            writer.WriteStringValue(route);
            writer.WriteStringValue(protocol.Name());
            WriteObject(writer, body, excluded: _transportFields);
            foreach (var part in context ?? [])
            {
                writer.WriteStringValue(part);
            }

            writer.WriteEndArray();
        }

        return Convert.ToHexString(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, excluded: []);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(NormalizeNumber(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, string[] excluded)
    {
        // Of several members with the same name, providers differ in which one counts. The order is stable.
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            if (!excluded.Contains(member.Name))
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value);
            }
        }

        writer.WriteEndObject();
    }

    // 1, 1.0 and 1e0 are the same number; numbers outside the range of decimal keep their original text.
    private static string NormalizeNumber(JsonElement value) =>
        value.TryGetDecimal(out var number) && number != 0
            ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : value.TryGetDouble(out var real) && real == 0 ? "0"
        : Encoding.UTF8.GetString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value));
}
