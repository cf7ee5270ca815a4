using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>Identifies the conversation of a request.</summary>
internal static class ConversationKey
{
    /// <summary>
    /// Returns <c>prompt_cache_key</c>, else the user, else the text of the conversation up to its first message that
    /// is not a system message; null if the request has none of these.
    /// </summary>
    public static string? Compute(Protocol protocol, JsonElement body, string? user) =>
        GetText(body, "prompt_cache_key")
        ?? user
        ?? (
            protocol switch
            {
                Protocol.Embeddings => null,
                Protocol.Responses => body.TryGetProperty("input", out var input)
                && input.ValueKind == JsonValueKind.Array
                    ? GetBeginning(input)
                    : null,
                _ => body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
                    ? (body.TryGetProperty("system", out var system) ? system.GetRawText() : "")
                        + GetBeginning(messages)
                    : null,
            }
        );

    private static string GetBeginning(JsonElement messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages.EnumerateArray())
        {
            text.Append(message.GetRawText());
            if (message.ValueKind != JsonValueKind.Object || GetText(message, "role") is not ("system" or "developer"))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static string? GetText(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // invalid Unicode
        }
    }
}
