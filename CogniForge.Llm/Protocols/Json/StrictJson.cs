using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CogniForge.Llm.Protocols.Json;

/// <summary>
/// JSON that reads without surprise. .NET parses lazily: a name given twice or a text of broken Unicode would be found much later, by an exception where nobody expects one.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep JSON may be nested: below .NET's 64, so that what a translation wraps around it can still be written.</summary>
    public const int MaxDepth = 48;

    /// <summary>What a client is told whose body is not sound; how deep it may be was told before.</summary>
    public const string Rule =
        "The body must name no member twice and be valid Unicode to be translated for this model";

    private static readonly JsonDocumentOptions _options = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = MaxDepth,
    };

    /// <summary>Reads an object.</summary>
    /// <exception cref="JsonException">It is no JSON object, nested too deeply, names a member twice or has a text that is no Unicode.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            if (!Utf8.IsValid(utf8))
            {
                throw new JsonException("It is no valid UTF-8.");
            }

            var value =
                JsonNode.Parse(utf8, null, _options) as JsonObject ?? throw new JsonException("It is no JSON object.");
            if (utf8.IndexOf("\\u"u8) >= 0)
            {
                JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options); // reads every text
            }

            return value;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("It has a text that is no valid Unicode.", e);
        }
    }

    /// <summary>A copy that is the caller's own.</summary>
    /// <exception cref="JsonException">As for <see cref="Parse"/>.</exception>
    public static JsonObject Copy(JsonObject value)
    {
        try
        {
            return Parse(JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options));
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("It has a text that is no valid Unicode.", e);
        }
    }
}
