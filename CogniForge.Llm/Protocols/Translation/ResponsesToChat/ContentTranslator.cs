using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates the content of an item to that of a chat message.</summary>
internal static class ContentTranslator
{
    /// <summary>Returns a string if the content is a single text, else an array of parts.</summary>
    /// <param name="content">The item's content.</param>
    /// <param name="kind">The provider's kind.</param>
    /// <param name="onlyText">Whether chat messages of this role support only text.</param>
    /// <exception cref="UnsupportedByProviderException">
    /// The content is invalid, or chat messages do not support it.
    /// </exception>
    public static JsonNode Translate(JsonField content, ProviderKind kind, bool onlyText)
    {
        if (content.Value is not JsonArray)
        {
            return content.IsText
                ? content.RequiredText()
                : throw content.Invalid("must be a string of valid Unicode or an array of parts");
        }

        var translated = content.Items().Select(part => Part(part, kind, onlyText)).ToArray();
        return translated is [{ } only] && CacheControlMarks.IsPlainText(only)
            ? only["text"]!.DeepClone()
            : new JsonArray([.. translated]);
    }

    /// <summary>Splits a tool's output into its text and its other parts.</summary>
    /// <exception cref="UnsupportedByProviderException">As for <see cref="Translate"/>.</exception>
    public static (JsonNode Text, JsonArray Others) SplitResult(JsonField output, ProviderKind kind)
    {
        if (output.Value is not JsonArray)
        {
            return (Translate(output, kind, onlyText: true), []);
        }

        var parts = output.Items().Select(p => Part(p, kind, onlyText: false)).ToLookup(p => p["text"] is JsonValue);
        return (
            parts[true].ToArray() switch
            {
                [] => "",
                [var only] when CacheControlMarks.IsPlainText(only) => only["text"]!.DeepClone(),
                var all => new JsonArray([.. all]),
            },
            new JsonArray([.. parts[false]])
        );
    }

    private static JsonObject Part(JsonField part, ProviderKind kind, bool onlyText)
    {
        _ = part.RequiredObject();
        return CacheControlMarks.Copy(part, [Convert(part, kind, onlyText)])[0];
    }

    private static JsonObject Convert(JsonField part, ProviderKind kind, bool onlyText) =>
        part["type"].RequiredText() switch
        {
            "input_text" or "output_text" => new()
            {
                ["type"] = "text",
                ["text"] = part["text"].RequiredText(),
            },
            "refusal" => new()
            {
                ["type"] = "refusal",
                ["refusal"] = part["refusal"].RequiredText(),
            },
            "input_image" or "input_file" or "input_audio" when onlyText => throw part["type"]
                .Invalid("must be text here for this model"),
            "input_image" => Image(part),
            "input_file" => File(part, kind),
            "input_audio" => new()
            {
                ["type"] = "input_audio",
                ["input_audio"] = part["input_audio"].RequiredObject().DeepClone(),
            },
            _ => throw part["type"]
                .Invalid("must be input_text, output_text, refusal, input_image, input_file or input_audio"),
        };

    private static JsonObject Image(JsonField part)
    {
        if (part["file_id"] is { Value: not null } file)
        {
            throw file.Invalid("is not supported for this model: send the image in image_url");
        }

        var image = new JsonObject { ["url"] = part["image_url"].RequiredText() };
        if (part["detail"].Copy() is { } detail)
        {
            image["detail"] = detail;
        }

        return new() { ["type"] = "image_url", ["image_url"] = image };
    }

    private static JsonObject File(JsonField part, ProviderKind kind)
    {
        // Chat completions have no URL of a file; for Anthropic, the next translation makes a document of it.
        if (kind != ProviderKind.Anthropic && part["file_url"] is { Value: not null } url)
        {
            throw url.Invalid("is not supported for this model: send the file in file_data");
        }

        return new()
        {
            ["type"] = "file",
            ["file"] = new JsonObject(
                part.Members().Where(m => m.Name != "type").Select(m => KeyValuePair.Create(m.Name, m.Field.Copy()))
            ),
        };
    }
}
