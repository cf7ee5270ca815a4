using System.Collections.Frozen;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>The finish reasons of chat completions: OpenAI's, and what compatible servers send instead.</summary>
internal static class ChatFinishReasons
{
    public const string Length = "length";
    public const string ContentFilter = "content_filter";
    public const string Error = "error"; // OpenRouter's

    // Mistral: model_length; DeepSeek: insufficient_system_resource; vLLM: abort. Gemini has its own reasons, also as
    // details of others: "content_filter: SAFETY" (ai.google.dev/api/generate-content#FinishReason).
    private static readonly FrozenDictionary<string, string> _ofOthers = new Dictionary<string, string>
    {
        [Length] = Length,
        ["model_length"] = Length,
        ["max_tokens"] = Length,
        [ContentFilter] = ContentFilter,
        ["safety"] = ContentFilter,
        ["recitation"] = ContentFilter,
        ["blocklist"] = ContentFilter,
        ["prohibited_content"] = ContentFilter,
        ["spii"] = ContentFilter,
        [Error] = Error,
        ["insufficient_system_resource"] = Error,
        ["abort"] = Error,
        ["function_call_filter"] = Error,
        ["malformed_function_call"] = Error,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> _openAI = FrozenSet.Create(
        "stop",
        Length,
        ContentFilter,
        "tool_calls",
        "function_call"
    );

    /// <summary>Whether OpenAI's clients know the reason.</summary>
    public static bool IsOpenAI(string reason) => _openAI.Contains(reason);

    /// <summary>OpenAI's reason that is nearest to another one; a failure stays as it is.</summary>
    /// <param name="reason">The provider's reason.</param>
    /// <param name="hasCalls">Whether the choice calls tools.</param>
    public static string ToOpenAI(string reason, bool hasCalls) =>
        IsOpenAI(reason) ? reason
        : Normalize(reason) switch
        {
            Length => Length,
            ContentFilter => ContentFilter,
            Error => reason,
            _ => hasCalls ? "tool_calls" : "stop",
        };

    /// <summary>The reason that a translation and the gateway act on; other reasons stay as they are.</summary>
    public static string? Normalize(string? reason) =>
        reason is null ? null : _ofOthers.GetValueOrDefault(reason.Split(':')[0].Trim(), reason);
}
