using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Translates requests that are not in memory as a body.</summary>
internal static class TranslatorExtensions
{
    /// <summary>Translates a copy of a request.</summary>
    /// <exception cref="UnsupportedByProviderException">As for <see cref="ITranslator.Request"/>.</exception>
    public static TranslatedRequest Request(
        this ITranslator translator,
        JsonObject body,
        ProviderKind kind = ProviderKind.OpenAI,
        bool keepsCacheControl = false
    ) => translator.Request(JsonField.FromRequest(body), kind, keepsCacheControl);
}
