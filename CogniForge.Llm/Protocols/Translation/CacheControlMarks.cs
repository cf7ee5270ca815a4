using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Removes the marks of what Anthropic caches, for providers that reject them. Members with this name in schemas and
/// arguments of tools stay.
/// </summary>
internal static class CacheControlMarks
{
    /// <summary>The member that marks a block, a tool or a whole request.</summary>
    public const string Member = "cache_control";

    private static readonly string[] _lists = ["system", "messages", "tools", "input"];

    /// <summary>Removes the marks from a request of any protocol.</summary>
    /// <param name="request">A copy of the client's body, which is changed.</param>
    /// <param name="keepsMarks">Whether the model understands the marks, so that they stay.</param>
    public static JsonField Remove(JsonField request, bool keepsMarks)
    {
        if (!keepsMarks)
        {
            var copy = request.RequiredObject();
            copy.Remove(Member);
            foreach (var item in _lists.SelectMany(name => copy[name].Objects()))
            {
                RemoveWithin(item);
            }
        }

        return request;
    }

    /// <summary>Copies the mark of a block to the last part that it became; only texts can have one.</summary>
    /// <returns>The parts.</returns>
    public static List<JsonObject> Copy(JsonField block, List<JsonObject> parts)
    {
        if (block[Member].Copy() is { } mark && parts is [.., var last] && last["text"] is JsonValue)
        {
            last[Member] = mark;
        }

        return parts;
    }

    /// <summary>Whether a part is a text without a mark, so that a string can replace it.</summary>
    public static bool IsPlainText(JsonObject part) => part["type"].Text() == "text" && !part.ContainsKey(Member);

    private static void RemoveWithin(JsonObject item)
    {
        item.Remove(Member);
        JsonNode?[] parts = [item["content"], item["output"], (item["source"] as JsonObject)?["content"]];
        foreach (var part in parts.SelectMany(p => p.Objects()))
        {
            RemoveWithin(part);
        }
    }
}
