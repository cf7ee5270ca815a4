using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Reads the content of a chat response's message or delta, which Mistral and others send in parts.</summary>
internal static class ChatContent
{
    /// <summary>The text; null: there is none.</summary>
    public static string? GetText(JsonNode? content) => content.Text() ?? Join(content, "text", p => p["text"].Text());

    /// <summary>The reasoning of a message or delta, under any of its names; null: there is none.</summary>
    public static string? GetReasoning(JsonObject message) =>
        (message["reasoning_content"] ?? message["reasoning"]).Text() ?? GetThinking(message["content"]);

    /// <summary>The reasoning, which Mistral sends as a part; null: there is none.</summary>
    public static string? GetThinking(JsonNode? content) => Join(content, "thinking", p => GetText(p["thinking"]));

    private static string? Join(JsonNode? content, string type, Func<JsonObject, string?> read) =>
        string.Concat(content.Objects().Where(p => p["type"].Text() == type).Select(read)) is { Length: > 0 } text
            ? text
            : null;
}
