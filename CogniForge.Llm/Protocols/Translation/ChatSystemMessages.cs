using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Moves instructions to where every chat template accepts them: one system message, and only at the start. Qwen's and
/// others reject a later one (anthropics/claude-code#77698, ollama/ollama#17774), and few know the role developer.
/// </summary>
internal static class ChatSystemMessages
{
    /// <summary>Joins the first instructions, and moves later ones into the user's turn.</summary>
    public static JsonArray Normalize(JsonArray messages)
    {
        var result = new List<JsonObject>();
        var first = new List<JsonNode?>();
        var later = new List<JsonNode?>();
        foreach (var message in messages.Objects().Select(m => m.DeepClone().AsObject()))
        {
            var role = message["role"].Text();
            if (role is "system" or "developer")
            {
                AddInstructions(message);
                continue;
            }

            AddFirst();
            if (role != "tool") // results must follow their calls directly
            {
                AddLater(role == "user" ? message : null);
            }

            result.Add(message);
        }

        AddFirst();
        AddLater(null);
        return [.. result];

        void AddInstructions(JsonObject message)
        {
            (result.Count == 0 ? first : later).Add(message["content"]);
        }

        void AddFirst()
        {
            if (first.Count > 0)
            {
                result.Add(new() { ["role"] = "system", ["content"] = Join(first) });
                first.Clear();
            }
        }

        void AddLater(JsonObject? next)
        {
            if (later.Count == 0)
            {
                return;
            }

            if (next is not null)
            {
                next["content"] = Join([.. later, next["content"]]);
            }
            else if (result[^1]["role"].Text() == "user")
            {
                result[^1]["content"] = Join([result[^1]["content"], .. later]);
            }
            else
            {
                result.Add(new() { ["role"] = "user", ["content"] = Join(later) });
            }

            later.Clear();
        }
    }

    private static JsonNode Join(List<JsonNode?> contents) =>
        contents is [JsonValue only] && only.GetValueKind() == JsonValueKind.String ? only.DeepClone()
        : contents.Any(c => c is JsonArray)
            ? new JsonArray([.. contents.SelectMany(Parts)])
            : string.Join("\n\n", contents.Select(c => c.Text()).Where(t => t is not null));

    private static IEnumerable<JsonNode?> Parts(JsonNode? content) =>
        content is JsonArray parts
            ? parts.Select(p => p?.DeepClone())
            : content.Text() is { } text ? [new JsonObject { ["type"] = "text", ["text"] = text }] : [];
}
