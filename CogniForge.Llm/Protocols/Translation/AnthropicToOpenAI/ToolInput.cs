using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>
/// Converts the arguments of a tool call: an object in Anthropic's protocol, its JSON text in OpenAI's.
/// </summary>
internal static class ToolInput
{
    /// <summary>
    /// Parses the text; an empty text means no arguments. So does invalid JSON if the response was truncated, since its
    /// finish reason then explains why.
    /// </summary>
    /// <param name="arguments">The text.</param>
    /// <param name="isTruncated">Whether the response ended at its token limit.</param>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static JsonObject Parse(string arguments, bool isTruncated = false)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return [];
        }

        try
        {
            return StrictJson.Parse(Encoding.UTF8.GetBytes(arguments));
        }
        catch (JsonException) when (isTruncated)
        {
            return [];
        }
    }

    public static string Write(JsonNode? input) => input?.ToJsonString(WireJson.Options) ?? "{}";
}
