using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates the content of chat messages to Anthropic's content blocks.</summary>
internal static class ContentTranslator
{
    private static readonly FrozenSet<string> _known = UnknownMembers.Known(
        "type text refusal image_url file cache_control"
    );

    /// <summary>
    /// Translates a text or an array of parts to blocks. Parts of unknown types pass through unchanged; texts of only
    /// white space are omitted, because Anthropic rejects them.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="dropped">Receives the names of parts without an equivalent.</param>
    /// <param name="needsImages">Whether an image that Anthropic does not accept is an error.</param>
    public static IReadOnlyList<JsonObject> ToBlocks(
        JsonField content,
        List<string> dropped,
        bool needsImages = false
    ) =>
        content.IsText
            ? TextBlock(content)
            : content.Items().SelectMany(p => ToBlock(p, dropped, needsImages)).ToList();

    /// <summary>Translates a text to a block; returns none if it is blank or absent.</summary>
    public static IReadOnlyList<JsonObject> TextBlock(JsonField text) =>
        text.IsBlank() ? [] : [new JsonObject { ["type"] = "text", ["text"] = text.RequiredTextNode() }];

    public static void AddAll(this JsonArray array, IEnumerable<JsonObject> items)
    {
        foreach (var item in items)
        {
            array.Add((JsonNode)item);
        }
    }

    private static IReadOnlyList<JsonObject> ToBlock(JsonField part, List<string> dropped, bool needsImages)
    {
        var type = part["type"].RequiredText();
        if (type == "thinking" && !ThinkingBlocks.IsForAnthropic(part.RequiredObject()))
        {
            dropped.Add("thinking"); // Mistral's
            return [];
        }

        if (type is "text" or "refusal" or "image_url" or "file")
        {
            UnknownMembers.Name(part, "messages.content", _known, dropped);
        }

        IReadOnlyList<JsonObject> blocks = type switch
        {
            "text" => TextBlock(part["text"]),
            "refusal" => TextBlock(part["refusal"]),
            "image_url" => Image(part["image_url"], dropped, needsImages),
            "file" => File(part["file"], dropped, needsImages),
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

    private static IReadOnlyList<JsonObject> Image(JsonField image, List<string> dropped, bool isNeeded)
    {
        if (image["detail"].Text() is not (null or "auto"))
        {
            dropped.Add("image_url.detail");
        }

        if (MediaSource.Image(image["url"]) is { } block)
        {
            return [block];
        }

        if (isNeeded)
        {
            throw image["url"].Invalid(MediaSource.ImageRule);
        }

        return Drop("image_url", dropped);
    }

    private static IReadOnlyList<JsonObject> File(JsonField file, List<string> dropped, bool needsImages)
    {
        var source = file["file_data"].Value is null && file["file_url"].Value is not null
            ? file["file_url"]
            : file["file_data"];

        // The id of a file at another provider means nothing to Anthropic.
        if (source.Value is null && file["file_id"].Value is not null)
        {
            return Drop("file.file_id", dropped);
        }

        if (MediaSource.File(source) is not { } block)
        {
            if (needsImages && MediaSource.IsImage(source))
            {
                throw source.Invalid(MediaSource.ImageRule);
            }

            return Drop("file", dropped);
        }

        if (block["type"].Text() == "document" && file["filename"].Text() is { } name)
        {
            block["title"] = name;
        }

        return [block];
    }

    /// <summary>Leaves a note, so that the model does not answer as if there had been nothing.</summary>
    private static IReadOnlyList<JsonObject> Drop(string name, List<string> dropped)
    {
        dropped.Add(name);
        var note = $"[{name.Split('_', '.')[0]}: not supported by this model]";
        return [new() { ["type"] = "text", ["text"] = note }];
    }
}
