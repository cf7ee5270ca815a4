namespace CogniForge.Llm.Protocols.Anthropic;

/// <summary>Why an answer ended, in OpenAI's words (<c>finish_reason</c>) and Anthropic's (<c>stop_reason</c>).</summary>
internal static class FinishReasons
{
    /// <summary>Anthropic's reason for a chat client.</summary>
    public static string ToChat(string? stopReason) =>
        stopReason switch
        {
            "tool_use" => "tool_calls",
            "refusal" => "content_filter",
            _ => IsCut(stopReason) ? "length" : "stop", // end_turn, stop_sequence, pause_turn, and what is yet to come
        };

    /// <summary>OpenAI's reason for an Anthropic client.</summary>
    /// <param name="finishReason">The reason.</param>
    /// <param name="hasToolUse">Whether the answer calls tools: some servers say <c>stop</c> all the same, and the client would not run them; without a call it would wait for one.</param>
    /// <param name="isRefused">Whether the answer has OpenAI's <c>refusal</c>, which comes with <c>stop</c>.</param>
    public static string ToMessages(string? finishReason, bool hasToolUse, bool isRefused) =>
        finishReason switch
        {
            "length" => "max_tokens",
            "content_filter" => "refusal",
            _ when isRefused => "refusal",
            _ => hasToolUse ? "tool_use" : "end_turn",
        };

    /// <summary>Whether one of Anthropic's reasons says that the answer is not whole.</summary>
    public static bool IsCut(string? stopReason) => stopReason is "max_tokens" or "model_context_window_exceeded";
}
