using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.ResponsesToChat;

/// <summary>Translates the content of an item to that of a chat message.</summary>
internal static class ContentTranslator
{
    /// <summary>Returns a string if the content is a single text, else an array of parts.</summary>
    /// <param name="content">The item's content.</param>
    /// <param name="path">Its JSON path.</param>
    /// <param name="onlyText">Whether chat messages of this role support only text.</param>
    /// <exception cref="UnsupportedByProviderException">
    /// The content is invalid, or chat messages do not support it.
    /// </exception>
    public static JsonNode Translate(JsonNode? content, string path, bool onlyText)
    {
        if (content is not JsonArray parts)
        {
            return JsonNodeExtensions.Text(content)
                ?? throw new UnsupportedByProviderException(
                    path,
                    "must be a string of valid Unicode or an array of parts"
                );
        }

        var translated = parts
            .Select((part, i) => Part(JsonNodeExtensions.Object(part, $"{path}[{i}]"), $"{path}[{i}]", onlyText))
            .ToArray();
        return translated is [{ } only] && JsonNodeExtensions.Text(only["text"]) is { } text
            ? text
            : new JsonArray([.. translated]);
    }

    private static JsonObject Part(JsonObject part, string path, bool onlyText) =>
        JsonNodeExtensions.Text(part["type"], $"{path}.type") switch
        {
            "input_text" or "output_text" => new()
            {
                ["type"] = "text",
                ["text"] = JsonNodeExtensions.Text(part["text"], $"{path}.text"),
            },
            "refusal" => new()
            {
                ["type"] = "refusal",
                ["refusal"] = JsonNodeExtensions.Text(part["refusal"], $"{path}.refusal"),
            },
            "input_image" or "input_file" or "input_audio" when onlyText => throw new UnsupportedByProviderException(
                $"{path}.type",
                "must be text here for this model"
            ),
            "input_image" => Image(part, path),
            "input_file" => File(part, path),
            "input_audio" => new()
            {
                ["type"] = "input_audio",
                ["input_audio"] = JsonNodeExtensions.Object(part["input_audio"], $"{path}.input_audio").DeepClone(),
            },
            _ => throw new UnsupportedByProviderException(
                $"{path}.type",
                "must be input_text, output_text, refusal, input_image, input_file or input_audio"
            ),
        };

    private static JsonObject Image(JsonObject part, string path)
    {
        if (part["file_id"] is not null)
        {
            throw new UnsupportedByProviderException(
                $"{path}.file_id",
                "is not supported for this model: send the image in image_url"
            );
        }

        var image = new JsonObject { ["url"] = JsonNodeExtensions.Text(part["image_url"], $"{path}.image_url") };
        if (part["detail"] is { } detail)
        {
            image["detail"] = detail.DeepClone();
        }

        return new() { ["type"] = "image_url", ["image_url"] = image };
    }

    private static JsonObject File(JsonObject part, string path)
    {
        if (part["file_url"] is not null)
        {
            throw new UnsupportedByProviderException(
                $"{path}.file_url",
                "is not supported for this model: send the file in file_data"
            );
        }

        return new()
        {
            ["type"] = "file",
            ["file"] = new JsonObject(
                part.Where(m => m.Key != "type" && m.Value is not null)
                    .Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone()))
            ),
        };
    }
}
