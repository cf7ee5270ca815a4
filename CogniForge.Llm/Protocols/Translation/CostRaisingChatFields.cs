using System.Collections.Frozen;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>
/// Fields of chat completions that raise the cost of a response, with the extensions of OpenAI-compatible servers. A
/// request of another protocol must not carry them: the gateway has reserved only what that protocol can cost.
/// </summary>
internal static class CostRaisingChatFields
{
    public static FrozenSet<string> Names { get; } =
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
