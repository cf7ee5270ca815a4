using System.Text.Json.Nodes;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Carries requests of a client's protocol to a provider of another one, and its answers back. Stateless.</summary>
internal interface ITranslator
{
    /// <summary>What the client speaks.</summary>
    Protocol Client { get; }

    /// <summary>What the provider speaks.</summary>
    Protocol Provider { get; }

    /// <summary>Translates a request. Fields that are unknown here go along as they are.</summary>
    /// <param name="body">The client's body; it is not changed.</param>
    /// <exception cref="UnsupportedByProviderException">A field asks for what the other protocol cannot do.</exception>
    TranslatedRequest Request(JsonObject body);

    /// <summary>Translates a complete answer.</summary>
    /// <param name="request">The client's body, of which some protocols repeat parts.</param>
    /// <param name="body">The provider's body; it is not changed.</param>
    JsonObject Answer(JsonObject request, JsonObject body);

    /// <summary>A translator for one stream.</summary>
    /// <param name="request">The client's body.</param>
    IStreamTranslator Stream(JsonObject request);
}
