using CogniForge.Llm.Domain.Protocols.Chat;
using CogniForge.Llm.Domain.Protocols.Embeddings;

namespace CogniForge.Llm.Domain.Protocols;

/// <summary>All protocols, and the ways between them.</summary>
internal static class Dialects
{
    private static readonly Dictionary<Protocol, Dialect> _all = new Dialect[] { new ChatDialect(), new EmbeddingsDialect() }.ToDictionary(d => d.Protocol);
    private static readonly Dictionary<(Protocol Client, Protocol Provider), ITranslation> _translations = Array.Empty<ITranslation>().ToDictionary(t => (t.Client, t.Provider));

    /// <summary>The dialect of a protocol.</summary>
    public static Dialect Of(Protocol protocol) => _all[protocol];

    /// <summary>The protocol in which a provider is asked, and the translation to it.</summary>
    /// <param name="client">What the client speaks.</param>
    /// <param name="provider">What the provider speaks, the best first.</param>
    /// <returns>The protocol with a null translation when the provider speaks the client's own; null when there is no way.</returns>
    public static (Protocol Protocol, ITranslation? Translation)? Way(Protocol client, IReadOnlyList<Protocol> provider)
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
