using System.Text.Json.Serialization;

namespace CogniForge.Llm.Api;

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionAnswer(string Role, string? Content, string? Refusal, [property: JsonPropertyName("tool_calls")] IReadOnlyList<ChatToolCall>? ToolCalls = null);
