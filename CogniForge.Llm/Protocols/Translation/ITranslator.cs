using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Translates requests to another protocol and responses back to the client's. Stateless.</summary>
internal interface ITranslator
{
    /// <summary>The client's protocol.</summary>
    Protocol Client { get; }

    /// <summary>The provider's protocol.</summary>
    Protocol Provider { get; }

    /// <summary>Translates a request. Unknown fields pass through unchanged.</summary>
    /// <param name="body">A copy of the client's body, which may be changed.</param>
    /// <param name="kind">The provider's kind, whose own rules the request keeps.</param>
    /// <param name="keepsCacheControl">Whether the model understands Anthropic's <c>cache_control</c>.</param>
    /// <exception cref="UnsupportedByProviderException">
    /// A field is invalid, or requests what the provider's protocol does not support.
    /// </exception>
    TranslatedRequest Request(JsonField body, ProviderKind kind, bool keepsCacheControl);

    /// <summary>Translates a complete response.</summary>
    /// <param name="request">The client's body, because responses of some protocols repeat parts of it.</param>
    /// <param name="body">The provider's body; it is not changed.</param>
    /// <exception cref="System.Text.Json.JsonException">The body does not follow the provider's protocol.</exception>
    JsonObject Response(JsonObject request, JsonObject body);

    /// <summary>Creates a translator for one stream.</summary>
    /// <param name="request">The client's body.</param>
    IStreamTranslator Stream(JsonObject request);
}
