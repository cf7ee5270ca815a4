using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates the content of chat messages to Anthropic's content blocks.</summary>
internal static class ContentTranslator
{
    /// <summary>
    /// Translates a text or an array of parts to blocks. Parts of unknown types pass through unchanged; texts of only
    /// white space are omitted, because Anthropic rejects them.
    /// </summary>
    public static IReadOnlyList<JsonObject> ToBlocks(JsonField content) =>
        content.IsText ? TextBlock(content) : content.Items().SelectMany(ToBlock).ToList();

    /// <summary>Translates a text to a block; returns none if it is blank or absent.</summary>
    public static IReadOnlyList<JsonObject> TextBlock(JsonField text) =>
        text.Text() is { } value && !string.IsNullOrWhiteSpace(value)
            ? [new JsonObject { ["type"] = "text", ["text"] = value }]
            : [];

    public static void AddAll(this JsonArray array, IEnumerable<JsonObject> items)
    {
        foreach (var item in items)
        {
            array.Add((JsonNode)item);
        }
    }

    private static IReadOnlyList<JsonObject> ToBlock(JsonField part)
    {
        IReadOnlyList<JsonObject> blocks = part["type"].RequiredText() switch
        {
            "text" => TextBlock(part["text"]),
            "refusal" => TextBlock(part["refusal"]),
            "image_url" => [new JsonObject { ["type"] = "image", ["source"] = Source(part["image_url"]["url"]) }],
            "file" => [Document(part["file"])],
            "input_audio" => throw part["type"].Invalid("must be text, image_url or file for this model"),
            _ => [(JsonObject)part.Copy()!],
        };

        // Not OpenAI's field, but sent by chat clients that know the model is Anthropic's.
        if (part["cache_control"].Copy() is { } cacheControl && blocks is [var block])
        {
            block["cache_control"] = cacheControl;
        }

        return blocks;
    }

    private static JsonObject Document(JsonField file)
    {
        var document = new JsonObject { ["type"] = "document", ["source"] = Source(file["file_data"]) };
        if (file["filename"].Text() is { } name)
        {
            document["title"] = name;
        }

        return document;
    }

    /// <summary>
    /// Translates a URL; splits a data URL (<c>data:image/png;base64,…</c>) into media type and data.
    /// </summary>
    private static JsonObject Source(JsonField field)
    {
        const string Data = "data:",
            Base64 = ";base64,";
        var url = field.RequiredText();
        if (!url.StartsWith(Data, StringComparison.OrdinalIgnoreCase))
        {
            return url.StartsWith("http", StringComparison.OrdinalIgnoreCase)
                ? new() { ["type"] = "url", ["url"] = url }
                : throw field.Invalid("must be an https URL or a data URL in base64");
        }

        var comma = url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        return comma < 0
            ? throw field.Invalid("must be an https URL or a data URL in base64")
            : new()
            {
                ["type"] = "base64",
                ["media_type"] = url[Data.Length..comma].Split(';')[0],
                ["data"] = url[(comma + Base64.Length)..],
            };
    }
}
