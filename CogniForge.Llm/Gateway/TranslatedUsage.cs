using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Adds the usage to a response before its translation where the provider has it in a member of its own or omits it.
/// Agents compact their conversation by it.
/// </summary>
internal static class TranslatedUsage
{
    /// <summary>Adds the usage to a complete response, unless it has one.</summary>
    /// <param name="provider">The provider's protocol.</param>
    /// <param name="response">The provider's response.</param>
    /// <param name="usage">Gets the usage.</param>
    public static void Complete(Protocol provider, JsonObject response, Func<TokenUsage> usage)
    {
        var sent = JsonSerializer.SerializeToElement(response["usage"]);
        if ((provider == Protocol.Messages ? MessagesUsage.Read(sent) : ChatUsage.Read(sent)) is null)
        {
            response["usage"] = provider == Protocol.Messages ? MessagesUsage.Write(usage()) : ChatUsage.Write(usage());
        }
    }

    /// <summary>Creates the last event of a provider's stream, with the usage.</summary>
    public static SseEvent CreateEvent(Protocol provider, TokenUsage usage) =>
        provider == Protocol.Messages
            ? MessagesEvents.Delta([], MessagesUsage.Write(usage))
            : SseEvent.Create(
                null,
                new JsonObject { ["choices"] = new JsonArray(), ["usage"] = ChatUsage.Write(usage) }
            );
}
