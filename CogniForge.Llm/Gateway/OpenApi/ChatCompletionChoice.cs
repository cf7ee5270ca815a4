using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A chat completion choice.</summary>
internal sealed record ChatCompletionChoice(
    int Index,
    ChatCompletionResponseMessage Message,
    object? Logprobs,
    [property: JsonPropertyName("finish_reason")] string FinishReason
);
