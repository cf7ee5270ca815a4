using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A message.</summary>
/// <param name="Role"><c>developer</c>, <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">A text, or parts. Only an assistant's may be null: a turn that was tool calls alone.</param>
/// <param name="ToolCalls">The calls of an assistant's turn.</param>
/// <param name="ToolCallId">The call whose result a tool's message is.</param>
/// <param name="Name">Tells participants of one role apart.</param>
internal sealed record ChatCompletionMessage(
    string Role,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<ChatContentPart>), null)] object? Content = null,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ChatToolCall>? ToolCalls = null,
    [property: JsonPropertyName("tool_call_id")] string? ToolCallId = null,
    string? Name = null
);
