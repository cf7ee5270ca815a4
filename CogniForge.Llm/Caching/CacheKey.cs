using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Caching;

/// <summary>The same question has the same key, however its JSON is written.</summary>
internal static class CacheKey
{
    // How the answer travels is no part of the question.
    private static readonly string[] _transport = ["stream", "stream_options"];

    /// <summary>The key of a question.</summary>
    /// <param name="owner">Whose answers these are: a key's id, or a name for all who share them.</param>
    /// <param name="route">The route.</param>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="body">The body.</param>
    /// <returns>A SHA-256 in hexadecimal digits.</returns>
    public static string Compute(string owner, string route, Protocol protocol, JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(owner);
            writer.WriteStringValue(route);
            writer.WriteStringValue(protocol.Name());
            WriteObject(writer, body, leaveOut: _transport);
            writer.WriteEndArray();
        }

        return Convert.ToHexString(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, leaveOut: []);
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
                writer.WriteRawValue(Number(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, string[] leaveOut)
    {
        // Of members of the same name the last one counts, as it does for every reader here.
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        writer.WriteStartObject();
        foreach (var (name, member) in members)
        {
            if (!leaveOut.Contains(name))
            {
                writer.WritePropertyName(name);
                Write(writer, member);
            }
        }

        writer.WriteEndObject();
    }

    // 1, 1.0 and 1e0 are one number; those beyond decimal's range stay as they are written.
    private static string Number(JsonElement value) =>
        value.TryGetDecimal(out var number) && number != 0
            ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : value.TryGetDouble(out var real) && real == 0 ? "0"
        : Encoding.UTF8.GetString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value));
}
