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
        var later = new List<JsonNode?>();
        foreach (var message in messages.Objects().Select(m => m.DeepClone().AsObject()))
        {
            var role = message["role"].Text();
            if (role is "system" or "developer")
            {
                AddInstructions(message);
                continue;
            }

            if (role != "tool") // results must follow their calls directly
            {
                AddLater(role == "user" ? message : null);
            }

            result.Add(message);
        }

        AddLater(null);
        return [.. result];

        void AddInstructions(JsonObject message)
        {
            if (result.Count == 0)
            {
                message["role"] = "system";
                result.Add(message);
            }
            else if (result is [var only] && only["role"].Text() == "system")
            {
                only["content"] = Join(only["content"], message["content"]);
            }
            else
            {
                later.Add(message["content"]);
            }
        }

        void AddLater(JsonObject? next)
        {
            if (later.Count == 0)
            {
                return;
            }

            var text = later.Aggregate(Join);
            later.Clear();
            if (next is not null)
            {
                next["content"] = Join(text, next["content"]);
            }
            else if (result[^1]["role"].Text() == "user")
            {
                result[^1]["content"] = Join(result[^1]["content"], text);
            }
            else
            {
                result.Add(new() { ["role"] = "user", ["content"] = text?.DeepClone() });
            }
        }
    }

    private static JsonNode Join(JsonNode? first, JsonNode? second) =>
        (first.Text() ?? "", second.Text() ?? "") is (var a, var b) && first is not JsonArray && second is not JsonArray
            ? string.Join("\n\n", new[] { a, b }.Where(t => t.Length > 0))
            : new JsonArray([.. Parts(first), .. Parts(second)]);

    private static IEnumerable<JsonNode?> Parts(JsonNode? content) =>
        content is JsonArray parts
            ? parts.Select(p => p?.DeepClone())
            : content.Text() is { } text ? [new JsonObject { ["type"] = "text", ["text"] = text }] : [];
}
