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

    private static readonly JsonDocumentOptions _anyDepth = new() { MaxDepth = int.MaxValue };

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

        return TryParse(arguments)
            ?? TryParse(Repair(arguments))
            ?? (isTruncated ? [] : new() { [Invalid] = arguments });
    }

    /// <summary>Reads the arguments of a call: text, or a value, as some servers send it; null: absent.</summary>
    public static string? ReadArguments(JsonField call) => ReadArguments(call["function"].Object());

    /// <inheritdoc cref="ReadArguments(JsonField)"/>
    public static string? ReadArguments(JsonObject? function) =>
        function?["arguments"] is not { } value ? null
        : value.GetValueKind() == JsonValueKind.String ? value.Text() ?? ""
        : Write(value);

    /// <summary>Whether a client can parse the arguments.</summary>
    public static bool IsObject(string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments, _anyDepth);
            return parsed.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string Write(JsonNode? input) => input is null ? "{}" : WireJson.WriteText(input);

    /// <summary>Converts arguments that are no object, such as one encoded twice; null: they are invalid.</summary>
    public static JsonObject? Convert(string arguments)
    {
        var input = Parse(arguments);
        return input.ContainsKey(Invalid) ? null : input;
    }

    private static JsonObject? TryParse(string arguments)
    {
        try
        {
            var isText = arguments.TrimStart().StartsWith('"');
            var json = isText ? JsonSerializer.Deserialize<string>(arguments)! : arguments;
            return StrictJson.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Repair(string arguments)
    {
        var repaired = new ToolArguments();
        repaired.Add(arguments);
        return repaired.ToString();
    }
}
