using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Adds the usage to a response before its translation where the provider has it in a member of its own, or omits it or
/// a part of it. Agents compact their conversation by it.
/// </summary>
internal static class TranslatedUsage
{
    /// <summary>Sets the usage of a complete response, unless that is in its place and complete.</summary>
    /// <param name="provider">The provider's protocol.</param>
    /// <param name="response">The provider's response.</param>
    /// <param name="metadata">The metadata of the response; null: none.</param>
    /// <param name="usage">The usage with the estimate of what the provider omits.</param>
    public static void Complete(
        Protocol provider,
        JsonObject response,
        ResponseMetadata? metadata,
        TokenUsage usage
    )
    {
        var sent = JsonSerializer.SerializeToElement(response["usage"]);
        var isInPlace = (provider == Protocol.Messages ? MessagesUsage.Read(sent) : ChatUsage.Read(sent)) is not null;
        if (!isInPlace || !ReferenceEquals(usage, metadata?.Usage))
        {
            response["usage"] = provider == Protocol.Messages ? MessagesUsage.Write(usage) : ChatUsage.Write(usage);
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
