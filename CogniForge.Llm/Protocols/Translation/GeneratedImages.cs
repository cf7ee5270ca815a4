using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Links the images that a model generated, as OpenRouter and Gemini send them: neither Anthropic's messages nor a
/// message of OpenAI's responses has a part for them.
/// </summary>
internal static class GeneratedImages
{
    /// <summary>Markdown links to the images; empty if there are none.</summary>
    /// <param name="images">The member <c>images</c> of a chat message or delta.</param>
    public static string Link(JsonNode? images) =>
        string.Concat(
            images
                .Objects()
                .Select(i => (i["image_url"] as JsonObject)?["url"].Text() ?? i["image_url"].Text())
                .Where(url => url is not null)
                .Select(url => $"![image]({url})")
        );
}
