using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Embeddings;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;

namespace CogniForge.Llm.Protocols;

/// <summary>The adapters of all protocols and the translators between them.</summary>
internal static class ProtocolAdapters
{
    private static readonly Dictionary<Protocol, ProtocolAdapter> _all = new ProtocolAdapter[]
    {
        new ChatAdapter(),
        new ResponsesAdapter(),
        new MessagesAdapter(),
        new EmbeddingsAdapter(),
    }.ToDictionary(a => a.Protocol);

    // Anthropic's responses carry no creation time, so the translator reads the clock. Nothing depends on that time.
    private static readonly Dictionary<(Protocol Client, Protocol Provider), ITranslator> _translations =
        new ITranslator[]
        {
            new OpenAIToAnthropicTranslator(TimeProvider.System),
            new AnthropicToOpenAITranslator(),
            new ResponsesToChatTranslator(),
            new TranslatorChain(
                new ResponsesToChatTranslator(isBeforeAnthropic: true),
                new OpenAIToAnthropicTranslator(TimeProvider.System, isInner: true)
            ),
        }.ToDictionary(t => (t.Client, t.Provider));

    public static ProtocolAdapter For(Protocol protocol) => _all[protocol];

    /// <summary>Selects the protocol for calling a provider, and the translator to it.</summary>
    /// <param name="client">The client's protocol.</param>
    /// <param name="provider">The provider's protocols, in order of preference.</param>
    /// <returns>
    /// The client's own protocol without a translator if the provider supports it; null if no translator leads to any
    /// of the provider's protocols.
    /// </returns>
    public static (Protocol Protocol, ITranslator? Translation)? Select(
        Protocol client,
        IReadOnlyList<Protocol> provider
    )
    {
        if (provider.Contains(client))
        {
            return (client, null);
        }

        foreach (var protocol in provider)
        {
            if (_translations.TryGetValue((client, protocol), out var translation))
            {
                return (protocol, translation);
            }
        }

        return null;
    }
}
