using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols;

/// <summary>Writes the request body for a target.</summary>
internal static class RequestBodyWriter
{
    /// <summary>
    /// Writes the body with the target's model, the route's defaults and output limit, and a request for a stream's
    /// usage. Copies everything else byte by byte.
    /// </summary>
    /// <param name="body">The body in the provider's protocol.</param>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="target">The target.</param>
    /// <param name="route">The route.</param>
    /// <param name="requestsUsage">Whether to request the usage of a stream.</param>
    /// <param name="maxOutputTokens">The output token limit to send; null keeps the one of the body.</param>
    public static ReadOnlyMemory<byte> Write(
        JsonElement body,
        Protocol protocol,
        ResolvedTarget target,
        ModelRoute route,
        bool requestsUsage,
        int? maxOutputTokens
    )
    {
        var limit = OutputLimitField.Choose(protocol, target, body);
        maxOutputTokens ??= OutputLimitField.ReadOther(protocol, body, limit);
        var setsLimit = limit is not null && maxOutputTokens is not null;
        var setsUsage = requestsUsage && !target.Provider.Profile.Quirks.Drops("stream_options");

        var raw = JsonMarshal.GetRawUtf8Value(body);
        var writer = new ObjectWriter(new ArrayBufferWriter<byte>(raw.Length + 128));
        writer.Write("model"u8, JsonSerializer.SerializeToUtf8Bytes(target.Model));
        foreach (var member in body.EnumerateObject())
        {
            if (
                !(
                    Is(member, "model"u8)
                    || (setsUsage && Is(member, "stream_options"u8))
                    || (setsLimit && IsLimit(member))
                )
            )
            {
                writer.Write(JsonMarshal.GetRawUtf8PropertyName(member), JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }

        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, JsonNode?>>?)route.Defaults ?? [])
        {
            if (!body.TryGetProperty(name, out _) && !(setsLimit && OutputLimitField.IsName(name)))
            {
                writer.Write(
                    JsonEncodedText.Encode(name).EncodedUtf8Bytes,
                    JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options)
                );
            }
        }

        if (setsLimit)
        {
            writer.Write(Encoding.UTF8.GetBytes(limit!), JsonSerializer.SerializeToUtf8Bytes(maxOutputTokens!.Value));
        }

        if (setsUsage)
        {
            writer.Write("stream_options"u8, StreamOptions(body).Span);
        }

        return writer.End();
    }

    private static bool IsLimit(JsonProperty member) =>
        Is(member, "max_tokens"u8) || Is(member, "max_completion_tokens"u8) || Is(member, "max_output_tokens"u8);

    // A name may be written with escapes, even invalid ones. A member that the gateway sets must not remain in any
    // spelling, or the body would contain it twice.
    private static bool Is(JsonProperty member, ReadOnlySpan<byte> name)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return raw.Contains((byte)'\\') ? Ascii.Equals(name, member.ValidName()) : raw.SequenceEqual(name);
    }

    private static ReadOnlyMemory<byte> StreamOptions(JsonElement body)
    {
        var writer = new ObjectWriter(new ArrayBufferWriter<byte>(64));
        writer.Write("include_usage"u8, "true"u8);
        if (body.TryGetProperty("stream_options"u8, out var options) && options.ValueKind == JsonValueKind.Object)
        {
            foreach (var option in options.EnumerateObject().Where(o => !Is(o, "include_usage"u8)))
            {
                writer.Write(JsonMarshal.GetRawUtf8PropertyName(option), JsonMarshal.GetRawUtf8Value(option.Value));
            }
        }

        return writer.End();
    }

    /// <summary>
    /// Writes an object from raw JSON names and values. <see cref="Utf8JsonWriter"/> would reject names with invalid
    /// Unicode.
    /// </summary>
    private readonly ref struct ObjectWriter(ArrayBufferWriter<byte> buffer)
    {
        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            buffer.Write(buffer.WrittenCount == 0 ? "{\""u8 : ",\""u8);
            buffer.Write(name);
            buffer.Write("\":"u8);
            buffer.Write(value);
        }

        public ReadOnlyMemory<byte> End()
        {
            buffer.Write("}"u8);
            return buffer.WrittenMemory;
        }
    }
}
