using CogniForge.Llm.Protocols.Anthropic;
using CogniForge.Llm.Protocols.OpenAI.Chat;
using CogniForge.Llm.Protocols.OpenAI.Embeddings;
using CogniForge.Llm.Protocols.OpenAI.Responses;
using CogniForge.Llm.Protocols.Translation;
using CogniForge.Llm.Protocols.Translation.AnthropicToOpenAI;
using CogniForge.Llm.Protocols.Translation.OpenAIToAnthropic;
using CogniForge.Llm.Protocols.Translation.ResponsesToChat;

namespace CogniForge.Llm.Protocols;

/// <summary>All protocols, and the ways between them.</summary>
internal static class ProtocolAdapters
{
    private static readonly Dictionary<Protocol, ProtocolAdapter> _all = new ProtocolAdapter[]
    {
        new ChatAdapter(),
        new ResponsesAdapter(),
        new MessagesAdapter(),
        new EmbeddingsAdapter(),
    }.ToDictionary(d => d.Protocol);
    private static readonly OpenAIToAnthropicTranslator _chatToMessages = new(TimeProvider.System); // Anthropic does not say when it answered; nothing depends on it
    private static readonly ResponsesToChatTranslator _responsesToChat = new();
    private static readonly Dictionary<(Protocol Client, Protocol Provider), ITranslator> _translations =
        new ITranslator[]
        {
            _chatToMessages,
            new AnthropicToOpenAITranslator(),
            _responsesToChat,
            new TranslatorChain(_responsesToChat, _chatToMessages),
        }.ToDictionary(t => (t.Client, t.Provider));

    /// <summary>The dialect of a protocol.</summary>
    public static ProtocolAdapter For(Protocol protocol) => _all[protocol];

    /// <summary>The protocol in which a provider is asked, and the translation to it.</summary>
    /// <param name="client">What the client speaks.</param>
    /// <param name="provider">What the provider speaks, the best first.</param>
    /// <returns>The protocol with a null translation when the provider speaks the client's own; null when there is no way.</returns>
    public static (Protocol Protocol, ITranslator? Translation)? Way(Protocol client, IReadOnlyList<Protocol> provider)
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
