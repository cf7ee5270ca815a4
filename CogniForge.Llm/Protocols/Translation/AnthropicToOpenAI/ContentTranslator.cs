using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates the blocks of Anthropic's messages for OpenAI's chat completions.</summary>
internal static class ContentTranslator
{
    /// <summary>The chat content of a text or an array of blocks.</summary>
    public static JsonNode Content(JsonField content, List<string> dropped) => Content(Parts(content, dropped));

    /// <summary>The content of parts: one text wherever it can be, since many servers take no array.</summary>
    public static JsonNode Content(IEnumerable<JsonObject> parts)
    {
        var all = parts.ToList();
        return all.TrueForAll(IsText)
            ? string.Join("\n\n", all.Select(p => p["text"]!.GetValue<string>()))
            : new JsonArray([.. all]);
    }

    /// <summary>The chat parts of a text or an array of blocks.</summary>
    public static List<JsonObject> Parts(JsonField content, List<string> dropped) =>
        content.IsText ? [TextPart(content)] : [.. content.Items().SelectMany(b => Part(b, dropped))];

    /// <summary>The chat part of a block; none where the block's kind has no equivalent.</summary>
    public static IReadOnlyList<JsonObject> Part(JsonField block, List<string> dropped)
    {
        switch (block["type"].RequiredText())
        {
            case "text":
                return [TextPart(block["text"])];
            case "image":
                return
                [
                    new JsonObject
                    {
                        ["type"] = "image_url",
                        ["image_url"] = new JsonObject { ["url"] = Url(block["source"]) },
                    },
                ];
            case "document":
                return [Document(block)];
            case "search_result":
                return
                [
                    new JsonObject
                    {
                        ["type"] = "text",
                        ["text"] = string.Join(
                            "\n",
                            [
                                block["title"].Text(),
                                block["source"].Text(),
                                .. block["content"].Items().Select(c => c["text"].Text()),
                            ]
                        ),
                    },
                ];
            case var other:
                dropped.Add(other);
                return [];
        }
    }

    /// <summary>Whether a part is a text.</summary>
    public static bool IsText(JsonObject part) => part["type"]!.GetValue<string>() == "text";

    private static JsonObject TextPart(JsonField text) => new() { ["type"] = "text", ["text"] = text.RequiredText() };

    private static JsonObject Document(JsonField block)
    {
        var source = block["source"];
        switch (source["type"].RequiredText())
        {
            case "text":
                return TextPart(source["data"]);
            case "content" when source["content"].IsText:
                return TextPart(source["content"]);
            case "base64":
                var file = new JsonObject
                {
                    ["filename"] = block["title"].Text() ?? "document.pdf",
                    ["file_data"] = Url(source),
                };
                return new() { ["type"] = "file", ["file"] = file };
            default:
                throw source["type"].Invalid("must be \"text\" or \"base64\" for this model");
        }
    }

    private static string Url(JsonField source) =>
        source["type"].RequiredText() switch
        {
            "base64" => $"data:{source["media_type"].RequiredText()};base64,{source["data"].RequiredText()}",
            "url" => source["url"].RequiredText(),
            _ => throw source["type"].Invalid("must be \"base64\" or \"url\" for this model"),
        };
}
