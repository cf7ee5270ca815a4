using System.Text.Json.Serialization;
using CogniForge.Llm.Domain;

namespace CogniForge.Llm.Api;

/// <summary>A chat request. Fields that are not named here are taken as they are.</summary>
/// <remarks>For the OpenAPI document; the service reads the raw JSON.</remarks>
/// <param name="Model">The model, e.g. <c>mock</c>.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="MaxCompletionTokens">The most tokens of the answer.</param>
internal sealed record ChatCompletionRequest(string Model, IReadOnlyList<ChatCompletionMessage> Messages, [property: JsonPropertyName("max_completion_tokens")] int? MaxCompletionTokens = null);

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
internal sealed record ChatCompletionChoice(int Index, ChatCompletionAnswer Message, object? Logprobs, [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionAnswer(string Role, string? Content, string? Refusal);

/// <summary>Tokens.</summary>
internal sealed record ChatCompletionUsage(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>OpenAI's <c>model</c>.</summary>
internal sealed record ModelInfo(string Id, string Object, long Created, [property: JsonPropertyName("owned_by")] string OwnedBy);

/// <summary>OpenAI's list.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);
