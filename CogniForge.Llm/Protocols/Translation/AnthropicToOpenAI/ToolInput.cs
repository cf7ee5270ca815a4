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
    /// <summary>The member for arguments that are not a JSON object: the model can mend its own mistake.</summary>
    private const string Invalid = "INVALID_JSON";

    /// <summary>
    /// Parses the text that a model wrote; an empty text or <c>null</c> means no arguments. So does invalid JSON if the
    /// response was truncated, since its finish reason then explains why.
    /// </summary>
    /// <remarks>Some models encode the object twice (OpenManus#989, quarkus-langchain4j#2642).</remarks>
    /// <param name="arguments">The text.</param>
    /// <param name="isTruncated">Whether the response ended at its token limit.</param>
    public static JsonObject Parse(string arguments, bool isTruncated = false)
    {
        if (string.IsNullOrWhiteSpace(arguments) || arguments.Trim() == "null")
        {
            return [];
        }

        try
        {
            var isText = arguments.TrimStart().StartsWith('"');
            var json = isText ? JsonSerializer.Deserialize<string>(arguments)! : arguments;
            return StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException)
        {
            return isTruncated ? [] : new() { [Invalid] = arguments };
        }
    }

    /// <summary>Reads the arguments of a call: text, or an object, as some servers send it; null: absent.</summary>
    public static string? ReadArguments(JsonField call) =>
        call["function"]["arguments"] is { Value: JsonObject value }
            ? Write(value)
            : call["function"]["arguments"].Text();

    /// <summary>Whether fragments so far are a whole object.</summary>
    public static bool IsComplete(string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            return parsed.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string Write(JsonNode? input) => input?.ToJsonString(WireJson.Options) ?? "{}";
}
