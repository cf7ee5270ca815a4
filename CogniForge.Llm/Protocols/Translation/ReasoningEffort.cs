using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Protocols.Translation;

/// <summary>Translates an effort of reasoning to the nearest one that a kind of provider has.</summary>
internal static class ReasoningEffort
{
    /// <summary>
    /// OpenAI's highest effort is <c>xhigh</c>, Anthropic's lowest is <c>low</c>, and many servers accept only low,
    /// medium and high (NousResearch/hermes-agent#42330).
    /// </summary>
    public static string Fit(string effort, ProviderKind kind) =>
        (effort, kind) switch
        {
            ("max" or "ultra", ProviderKind.OpenAI or ProviderKind.OpenRouter) => "xhigh",
            ("ultra", ProviderKind.Anthropic) => "max",
            ("minimal", not (ProviderKind.OpenAI or ProviderKind.OpenRouter)) => "low",
            ("xhigh", ProviderKind.OpenAI or ProviderKind.OpenRouter or ProviderKind.Anthropic) => effort,
            ("max", ProviderKind.Anthropic) => effort,
            ("xhigh" or "max" or "ultra", _) => "high",
            _ => effort,
        };
}
