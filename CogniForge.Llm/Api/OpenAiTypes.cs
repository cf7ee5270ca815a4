using System.Text.Json;
using CogniForge.Llm.Domain;

namespace CogniForge.Llm.Api;

/// <summary>OpenAI's JSON: snake_case.</summary>
internal static class OpenAiJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}

/// <summary>A chat request, for the OpenAPI document; the service reads the raw JSON.</summary>
/// <param name="Model">The model, e.g. <c>mock</c>.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="MaxCompletionTokens">The most tokens of the answer.</param>
internal sealed record ChatCompletionRequest(string Model, IReadOnlyList<ChatCompletionMessage> Messages, int? MaxCompletionTokens);

/// <summary>A message.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> …</param>
/// <param name="Content">The text.</param>
internal sealed record ChatCompletionMessage(string Role, string Content);

/// <summary>OpenAI's <c>chat.completion</c>.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatCompletionChoice> Choices, ChatCompletionUsage Usage)
{
    public static ChatCompletion Of(Guid id, ChatAnswer answer, DateTimeOffset created) => new(
        $"chatcmpl-{id:N}",
        "chat.completion",
        created.ToUnixTimeSeconds(),
        answer.Model,
        [new(0, new(MessageRole.Assistant, answer.Text, null), null, answer.FinishReason)],
        new(answer.Usage.Input, answer.Usage.Output, answer.Usage.Total));
}

/// <summary>One of the answers.</summary>
internal sealed record ChatCompletionChoice(int Index, ChatCompletionAnswer Message, object? Logprobs, string FinishReason);

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionAnswer(string Role, string? Content, string? Refusal);

/// <summary>Tokens.</summary>
internal sealed record ChatCompletionUsage(int PromptTokens, int CompletionTokens, int TotalTokens);

/// <summary>OpenAI's <c>model</c>.</summary>
internal sealed record ModelInfo(string Id, string Object, long Created, string OwnedBy);

/// <summary>OpenAI's list.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);
