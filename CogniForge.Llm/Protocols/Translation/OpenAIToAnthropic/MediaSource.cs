using System.Text;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;

/// <summary>Translates the URLs of images and files to Anthropic's blocks, by the media types it accepts.</summary>
internal static class MediaSource
{
    /// <summary>The rule of an image of another type.</summary>
    public const string ImageRule = "must be of the type image/jpeg, image/png, image/gif or image/webp for this model";

    private const string Rule = "must be an https URL or a data URL in base64";

    /// <summary>An image; null: Anthropic does not accept its media type (openclaw/openclaw#102337).</summary>
    public static JsonObject? Image(JsonField url)
    {
        if (Split(url) is not var (type, data))
        {
            return Block("image", new() { ["type"] = "url", ["url"] = url.RequiredText() });
        }

        // Browsers and tools write image/jpg, which is not registered (NousResearch/hermes-agent#55432).
        type = type == "image/jpg" ? "image/jpeg" : type;
        return type is "image/jpeg" or "image/png" or "image/gif" or "image/webp"
            ? Block("image", Base64(type, data))
            : null;
    }

    /// <summary>Whether a data URL contains an image, of whatever type.</summary>
    public static bool IsImage(JsonField url) =>
        Split(url)?.Type.StartsWith("image/", StringComparison.Ordinal) == true;

    /// <summary>
    /// A document or an image. Anthropic takes texts as they are (langchain-ai/langchain#37576). Null: it does not
    /// accept the media type.
    /// </summary>
    public static JsonObject? File(JsonField url)
    {
        if (Split(url) is not var (type, data))
        {
            return Block("document", new() { ["type"] = "url", ["url"] = url.RequiredText() });
        }

        if (IsImage(url))
        {
            return Image(url);
        }

        if (type == "application/pdf")
        {
            return Block("document", Base64(type, data));
        }

        return (type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/xml")
            && Decode(data) is { } text
            ? Block(
                "document",
                new()
                {
                    ["type"] = "text",
                    ["media_type"] = "text/plain",
                    ["data"] = text,
                }
            )
            : null;
    }

    /// <summary>
    /// Splits a data URL (<c>data:image/png;base64,…</c>) into media type and data; null: it is an http(s) URL.
    /// </summary>
    private static (string Type, string Data)? Split(JsonField field)
    {
        const string Data = "data:",
            Separator = ";base64,";
        var url = field.RequiredText();
        if (!url.StartsWith(Data, StringComparison.OrdinalIgnoreCase))
        {
            return url.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? null : throw field.Invalid(Rule);
        }

        var comma = url.IndexOf(Separator, StringComparison.OrdinalIgnoreCase);
        return comma < 0
            ? throw field.Invalid(Rule)
            : (url[Data.Length..comma].Split(';')[0].ToLowerInvariant(), url[(comma + Separator.Length)..]);
    }

    private static string? Decode(string data)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(data));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonObject Base64(string type, string data) =>
        new()
        {
            ["type"] = "base64",
            ["media_type"] = type,
            ["data"] = data,
        };

    private static JsonObject Block(string type, JsonObject source) => new() { ["type"] = type, ["source"] = source };
}
