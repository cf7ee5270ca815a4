using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates the content of chat messages for Anthropic.</summary>
internal static class ContentTranslator
{
    /// <summary>The blocks of a text or of an array of parts; parts of unknown kinds go along as they are. Empty texts are left out: Anthropic refuses them.</summary>
    public static IReadOnlyList<JsonObject> ToBlocks(JsonField content) =>
        content.IsText ? TextBlock(content) : content.Items().SelectMany(ToBlock).ToList();

    /// <summary>The block of a text; none where it is empty or absent.</summary>
    public static IReadOnlyList<JsonObject> TextBlock(JsonField text) =>
        text.Text() is { Length: > 0 } value ? [new JsonObject { ["type"] = "text", ["text"] = value }] : [];

    /// <summary>Adds all of them.</summary>
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

        // Not OpenAI's, but what chat clients send that know which model they talk to.
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

    /// <summary>From a URL: <c>data:image/png;base64,…</c> becomes its parts.</summary>
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
