using CogniForge.Llm.Protocols.OpenAI.Chat;

namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Converts between OpenAI's <c>finish_reason</c> and Anthropic's <c>stop_reason</c>.</summary>
internal static class FinishReasons
{
    public static string ToChat(string? stopReason) =>
        stopReason switch
        {
            "tool_use" => "tool_calls",
            "refusal" => "content_filter",
            _ => IsTruncated(stopReason) ? "length" : "stop", // end_turn, stop_sequence, pause_turn and unknown reasons
        };

    /// <summary>
    /// Converts to Anthropic's reason. Some servers send <c>stop</c> with tool calls: without <c>tool_use</c> the
    /// client would not run the tools, and with it but without a call it would wait for one.
    /// </summary>
    /// <param name="finishReason">OpenAI's reason.</param>
    /// <param name="hasToolUse">Whether the response calls tools.</param>
    /// <param name="isRefused">Whether the response has OpenAI's <c>refusal</c>, which comes with <c>stop</c>.</param>
    public static string ToMessages(string? finishReason, bool hasToolUse, bool isRefused) =>
        ChatFinishReasons.Normalize(finishReason) switch
        {
            ChatFinishReasons.Length => "max_tokens",
            ChatFinishReasons.ContentFilter => "refusal",
            _ when isRefused => "refusal",
            _ => hasToolUse ? "tool_use" : "end_turn",
        };

    /// <summary>Whether one of Anthropic's reasons means that the response is incomplete.</summary>
    public static bool IsTruncated(string? stopReason) => stopReason is "max_tokens" or "model_context_window_exceeded";
}
