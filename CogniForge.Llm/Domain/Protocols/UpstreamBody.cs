using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Domain.Routing;

namespace CogniForge.Llm.Domain.Protocols;

/// <summary>Writes the body that goes to a target.</summary>
internal static class UpstreamBody
{
    /// <summary>
    /// The client's body with the target's model, the route's defaults and limit, and the wish for the usage of a stream. Everything else is copied byte by byte.
    /// </summary>
    /// <param name="body">The body in the provider's protocol.</param>
    /// <param name="protocol">The provider's protocol.</param>
    /// <param name="target">The target.</param>
    /// <param name="route">The route.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="maxOutputTokens">The most output tokens to ask for; null: as the body says.</param>
    public static ReadOnlyMemory<byte> Of(JsonElement body, Protocol protocol, ResolvedTarget target, ModelRoute route, bool stream, int? maxOutputTokens)
    {
        var limit = protocol switch
        {
            Protocol.Messages => "max_tokens",
            Protocol.Responses => "max_output_tokens",
            Protocol.ChatCompletions => target.Provider.Kind == ProviderKind.OpenAICompatible || !body.TryGetProperty("max_completion_tokens", out _) && body.TryGetProperty("max_tokens", out _)
                ? "max_tokens" // what older servers know, or the client's own choice
                : "max_completion_tokens",
            _ => null,
        };
        var setsLimit = limit is not null && maxOutputTokens is not null;
        var setsUsage = stream && protocol == Protocol.ChatCompletions;

        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("model"u8, target.Model);
        foreach (var member in body.EnumerateObject())
        {
            if (member.NameEquals("model"u8) || (setsUsage && member.NameEquals("stream_options"u8)) || (setsLimit && IsLimit(member)))
            {
                continue;
            }

            writer.WritePropertyName(member.Name);
            Copy(writer, member.Value);
        }

        foreach (var (name, value) in route.Defaults ?? [])
        {
            if (!body.TryGetProperty(name, out _))
            {
                writer.WritePropertyName(name);
                (value ?? JsonValue.Create((string?)null))!.WriteTo(writer);
            }
        }

        if (setsLimit)
        {
            writer.WriteNumber(limit!, maxOutputTokens!.Value);
        }

        if (setsUsage)
        {
            WriteStreamOptions(writer, body);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static bool IsLimit(JsonProperty member) => member.NameEquals("max_tokens"u8) || member.NameEquals("max_completion_tokens"u8) || member.NameEquals("max_output_tokens"u8);

    private static void WriteStreamOptions(Utf8JsonWriter writer, JsonElement body)
    {
        writer.WriteStartObject("stream_options"u8);
        writer.WriteBoolean("include_usage"u8, true);
        if (body.TryGetProperty("stream_options"u8, out var options) && options.ValueKind == JsonValueKind.Object)
        {
            foreach (var option in options.EnumerateObject().Where(o => !o.NameEquals("include_usage"u8)))
            {
                writer.WritePropertyName(option.Name);
                Copy(writer, option.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement value) => writer.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}
