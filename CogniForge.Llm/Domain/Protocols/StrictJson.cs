using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CogniForge.Llm.Domain.Protocols;

/// <summary>Parses JSON so that nothing in it throws later, where it is looked into or written: no duplicate names, no broken text.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false };

    /// <summary>Parses an object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json) || HasLoneSurrogate(json))
        {
            throw new JsonException("The JSON must be valid Unicode.");
        }

        return JsonNode.Parse(json, documentOptions: _options) as JsonObject ?? throw new JsonException("The JSON must be an object.");
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }

        try
        {
            for (var reader = new Utf8JsonReader(json); reader.Read();)
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
