using System.Text;
using System.Text.Json;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>Tells which conversation a request belongs to.</summary>
internal static class ConversationKey
{
    /// <summary>The client's own key of the conversation, else the user, else the conversation's beginning up to the first turn that is not the system's; null when none of these is there.</summary>
    public static string? Compute(Protocol protocol, JsonElement body, string? user) =>
        Text(body, "prompt_cache_key")
        ?? user
        ?? (
            protocol switch
            {
                Protocol.Embeddings => null,
                Protocol.Responses => body.TryGetProperty("input", out var input)
                && input.ValueKind == JsonValueKind.Array
                    ? Beginning(input)
                    : null,
                _ => body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
                    ? (body.TryGetProperty("system", out var system) ? system.GetRawText() : "") + Beginning(messages)
                    : null,
            }
        );

    private static string Beginning(JsonElement messages)
    {
        var text = new StringBuilder();
        foreach (var message in messages.EnumerateArray())
        {
            text.Append(message.GetRawText());
            if (message.ValueKind != JsonValueKind.Object || Text(message, "role") is not ("system" or "developer"))
            {
                break;
            }
        }

        return text.ToString();
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // no valid Unicode
        }
    }
}
