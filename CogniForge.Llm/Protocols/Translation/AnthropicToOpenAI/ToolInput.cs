using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;

/// <summary>The arguments of a tool call: an object for Anthropic, a text that holds one for OpenAI.</summary>
internal static class ToolInput
{
    /// <summary>Reads a text. An empty one is a call without arguments.</summary>
    /// <param name="arguments">The text.</param>
    /// <param name="isCut">Whether the answer ended at its token limit: what cannot be read is then no arguments, and the answer's end says why.</param>
    /// <exception cref="JsonException">It holds no object.</exception>
    public static JsonObject Parse(string arguments, bool isCut = false)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return [];
        }

        try
        {
            return StrictJson.Parse(Encoding.UTF8.GetBytes(arguments));
        }
        catch (JsonException) when (isCut)
        {
            return [];
        }
    }

    /// <summary>Writes the text.</summary>
    public static string Write(JsonNode? input) => input?.ToJsonString(WireJson.Options) ?? "{}";
}
