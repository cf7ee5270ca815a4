using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CogniForge.Llm.Domain.Protocols.OpenAi;

/// <summary>Reads the JSON of an event so that nothing in it can throw later: no duplicate names, no broken text.</summary>
internal static class JsonEvents
{
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    /// <summary>The event's object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonObject Parse(SseEvent item)
    {
        var data = item.Data.Span;
        if (!Utf8.IsValid(data) || (Contains(data, "\\ud"u8, "\\uD"u8) && HasLoneSurrogate(data)))
        {
            throw new JsonException("An event must be valid Unicode.");
        }

        return JsonNode.Parse(data, documentOptions: _options) as JsonObject ?? throw new JsonException("An event must be a JSON object.");
    }

    private static bool Contains(ReadOnlySpan<byte> data, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => data.IndexOf(one) >= 0 || data.IndexOf(other) >= 0;

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> data)
    {
        try
        {
            for (var reader = new Utf8JsonReader(data); reader.Read();)
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
