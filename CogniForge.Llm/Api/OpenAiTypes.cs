using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Api;

/// <summary>A chat request. Fields that are not named here are taken as they are.</summary>
/// <remarks>For the OpenAPI document; the service reads the raw JSON.</remarks>
/// <param name="Model">A route, an alias, or a provider's model, e.g. <c>mock</c>.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="Stream">Whether the answer comes as server-sent events. Default: no.</param>
/// <param name="MaxCompletionTokens">The most tokens of the answer.</param>
internal sealed record ChatCompletionRequest(
    string Model, IReadOnlyList<ChatCompletionMessage> Messages, bool Stream = false, [property: JsonPropertyName("max_completion_tokens")] int? MaxCompletionTokens = null);

/// <summary>A message.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> …</param>
/// <param name="Content">The text.</param>
internal sealed record ChatCompletionMessage(string Role, string Content);

/// <summary>OpenAI's <c>chat.completion</c>.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatCompletionChoice> Choices, ChatCompletionUsage Usage);

/// <summary>One of the answers.</summary>
internal sealed record ChatCompletionChoice(int Index, ChatCompletionAnswer Message, object? Logprobs, [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionAnswer(string Role, string? Content, string? Refusal);

/// <summary>Tokens.</summary>
internal sealed record ChatCompletionUsage(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>A request of the responses API. Fields that are not named here are taken as they are.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Input">A text, or items.</param>
/// <param name="Instructions">What a system message would say.</param>
/// <param name="Stream">Whether the answer comes as server-sent events. Default: no.</param>
/// <param name="MaxOutputTokens">The most tokens of the answer.</param>
internal sealed record ResponseRequest(
    string Model, string Input, string? Instructions = null, bool Stream = false, [property: JsonPropertyName("max_output_tokens")] int? MaxOutputTokens = null);

/// <summary>OpenAI's <c>response</c>.</summary>
internal sealed record Response(
    string Id, string Object, string Status, string Model, IReadOnlyList<JsonElement> Output, [property: JsonPropertyName("created_at")] long CreatedAt, ResponseUsage? Usage);

/// <summary>Tokens.</summary>
internal sealed record ResponseUsage(
    [property: JsonPropertyName("input_tokens")] int InputTokens,
    [property: JsonPropertyName("output_tokens")] int OutputTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>A request for embeddings.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Input">The texts.</param>
/// <param name="Dimensions">The length of each vector. Default: the model's own.</param>
internal sealed record EmbeddingRequest(string Model, IReadOnlyList<string> Input, int? Dimensions = null);

/// <summary>Embeddings, one for each text.</summary>
internal sealed record EmbeddingList(string Object, IReadOnlyList<Embedding> Data, string Model, EmbeddingUsage Usage);

/// <summary>One embedding.</summary>
internal sealed record Embedding(string Object, int Index, [property: JsonPropertyName("embedding")] IReadOnlyList<float> Vector);

/// <summary>Tokens.</summary>
internal sealed record EmbeddingUsage([property: JsonPropertyName("prompt_tokens")] int PromptTokens, [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>OpenAI's <c>model</c>.</summary>
internal sealed record ModelInfo(string Id, string Object, long Created, [property: JsonPropertyName("owned_by")] string OwnedBy);

/// <summary>OpenAI's list.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelInfo> Data);

/// <summary>OpenAI's error.</summary>
internal sealed record OpenAiErrorAnswer(OpenAiErrorDetails Error);

/// <summary>What went wrong.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">The kind of error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Param">The field that is wrong; null: none is.</param>
/// <param name="Code">For programs, e.g. <c>model_not_found</c>; null: none.</param>
internal sealed record OpenAiErrorDetails(string Message, string Type, string? Param, string? Code);
