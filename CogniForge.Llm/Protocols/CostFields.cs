using System.Collections.Frozen;

namespace CogniForge.Llm.Protocols;

/// <summary>
/// Fields that decide how much is answered, and so what it costs. A client of another protocol, which does not have them, may not send them along as unknown ones: its request was admitted for what its
/// own protocol says.
/// </summary>
internal static class CostFields
{
    /// <summary>Those of chat completions, with what servers that speak it have added.</summary>
    public static FrozenSet<string> OfChat { get; } =
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
