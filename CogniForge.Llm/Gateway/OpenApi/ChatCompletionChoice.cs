using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>One of the answers.</summary>
internal sealed record ChatCompletionChoice(
    int Index,
    ChatCompletionResponseMessage Message,
    object? Logprobs,
    [property: JsonPropertyName("finish_reason")] string FinishReason
);
