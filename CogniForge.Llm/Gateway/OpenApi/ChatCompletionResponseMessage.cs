using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionResponseMessage(
    string Role,
    string? Content,
    string? Refusal,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ChatToolCall>? ToolCalls = null
);
