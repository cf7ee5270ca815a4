using System.Collections.Frozen;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Request fields that raise the cost of a response. A request of another protocol must not carry them as unknown
/// fields: the gateway has reserved only what the client's own protocol can cost.
/// </summary>
internal static class CostFields
{
    /// <summary>The fields of chat completions, including the extensions of OpenAI-compatible servers.</summary>
    public static FrozenSet<string> Chat { get; } =
        FrozenSet.Create(
            "n",
            "best_of",
            "use_beam_search",
            "max_tokens",
            "max_completion_tokens",
            "min_tokens",
            "prediction",
            "modalities",
            "audio",
            "web_search_options"
        );
}
