using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Protocols.Translation;

namespace CogniForge.Llm.Protocols;

/// <summary>The format of responses that are some JSON, without a schema.</summary>
internal static class JsonMode
{
    /// <summary>The type of the <c>response_format</c>.</summary>
    public const string Type = "json_object";

    /// <summary>
    /// Whether the instructions or the user mention JSON, without which providers refuse the mode
    /// (api-docs.deepseek.com/guides/json_mode, Canner/WrenAI#1581).
    /// </summary>
    public static bool IsAllowed(JsonObject body) =>
        body["messages"]
            .Objects()
            .Where(m => m["role"].Text() is "system" or "developer" or "user")
            .Select(m => ChatContent.GetText(m["content"]))
            .Any(text => text?.Contains("json", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Describes the schema of a format in the instructions, since the mode has none.</summary>
    public static void DescribeSchema(JsonObject body, JsonObject format)
    {
        if (
            (format["json_schema"] as JsonObject)?["schema"] is not JsonObject schema
            || body["messages"] is not JsonArray messages
        )
        {
            return;
        }

        var text = $"Answer with JSON that matches this JSON Schema: {WireJson.WriteText(schema)}";
        if (messages is not [JsonObject first, ..] || first["role"].Text() is not ("system" or "developer"))
        {
            messages.Insert(0, new JsonObject { ["role"] = "system", ["content"] = text });
        }
        else if (first["content"] is JsonArray parts)
        {
            parts.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = text });
        }
        else
        {
            first["content"] = $"{first["content"].Text()}\n\n{text}";
        }
    }
}
