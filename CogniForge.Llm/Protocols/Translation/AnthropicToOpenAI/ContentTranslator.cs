using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>Translates the content blocks of Anthropic's messages to parts of chat messages.</summary>
internal static class ContentTranslator
{
    private static readonly FrozenSet<string> _known = UnknownMembers.Known(
        "type text source title context citations content tool_name cache_control"
    );

    /// <summary>Translates a text or an array of blocks to chat content.</summary>
    public static JsonNode Content(JsonField content, List<string> dropped) => Content(Parts(content, dropped));

    /// <summary>
    /// Creates content from parts: a string if all are texts without marks, since many servers do not accept an array.
    /// </summary>
    public static JsonNode Content(IEnumerable<JsonObject> parts)
    {
        var all = parts.ToList();
        return
            all is [var only] && CacheControlMarks.IsPlainText(only) ? only["text"]!.DeepClone()
            : all.TrueForAll(CacheControlMarks.IsPlainText)
            ? string.Join("\n\n", all.Select(p => p["text"]!.GetValue<string>()))
            : new JsonArray([.. all]);
    }

    /// <summary>Translates a text or an array of blocks to chat parts.</summary>
    public static List<JsonObject> Parts(JsonField content, List<string> dropped) =>
        content.IsText ? [TextPart(content)] : [.. content.Items().SelectMany(b => Part(b, dropped))];

    /// <summary>Translates a block to a chat part; returns none if the block's type has no equivalent.</summary>
    public static List<JsonObject> Part(JsonField block, List<string> dropped)
    {
        var parts = Convert(block, dropped);
        if (parts.Count > 0)
        {
            UnknownMembers.Name(block, "messages.content", _known, dropped);
        }

        return CacheControlMarks.Copy(block, parts);
    }

    public static bool IsText(JsonObject part) => part["type"]!.GetValue<string>() == "text";

    private static List<JsonObject> Convert(JsonField block, List<string> dropped)
    {
        switch (block["type"].RequiredText())
        {
            case "text":
                if (block["citations"].Items().Count > 0)
                {
                    dropped.Add("citations");
                }

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
                return Document(block, dropped);
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
            case "tool_reference": // a result of Anthropic's tool search; other providers get all tools at once
                return [new() { ["type"] = "text", ["text"] = $"Tool found: {block["tool_name"].RequiredText()}" }];
            case var other:
                dropped.Add(other);
                return [];
        }
    }

    private static JsonObject TextPart(JsonField text) =>
        new() { ["type"] = "text", ["text"] = text.RequiredTextNode() };

    private static List<JsonObject> Document(JsonField block, List<string> dropped)
    {
        foreach (var name in (string[])["citations", "context"])
        {
            if (block[name] is { Value: not null } field && (field.IsText || field["enabled"].IsTrue()))
            {
                dropped.Add($"document.{name}");
            }
        }

        var source = block["source"];
        switch (source["type"].RequiredText())
        {
            case "text":
                return [TextPart(source["data"])];
            case "content":
                return Parts(source["content"], dropped);
            case "base64":
                var file = new JsonObject
                {
                    ["filename"] = block["title"].Text() ?? "document.pdf",
                    ["file_data"] = Url(source),
                };
                return [new() { ["type"] = "file", ["file"] = file }];
            default:
                throw source["type"].Invalid("must be \"text\", \"content\" or \"base64\" for this model");
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
