using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Writes earlier reasoning as the part of the content in which it arrived, see <see
/// cref="Routing.ProviderQuirks.ThinkingParts"/>.
/// </summary>
internal static class ThinkingParts
{
    private static readonly string[] _names = ["reasoning_content", "reasoning"];

    /// <summary>Moves the reasoning of each message of a chat into its content.</summary>
    public static void Write(JsonObject body)
    {
        foreach (var message in body["messages"].Objects())
        {
            var reasoning = _names.Select(n => message[n].Text()).FirstOrDefault(t => !string.IsNullOrWhiteSpace(t));
            if (reasoning is null)
            {
                continue;
            }

            Array.ForEach(_names, n => message.Remove(n));
            message["content"] = new JsonArray([
                new JsonObject
                {
                    ["type"] = "thinking",
                    ["thinking"] = new JsonArray(TextPart(reasoning)),
                },
                .. GetParts(message["content"]),
            ]);
        }
    }

    private static IEnumerable<JsonNode?> GetParts(JsonNode? content) =>
        content is JsonArray parts ? parts.Select(p => p?.DeepClone())
        : content.Text() is { } text ? [TextPart(text)]
        : [];

    private static JsonObject TextPart(string text) => new() { ["type"] = "text", ["text"] = text };
}
