using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request of the Chat Completions API. Other fields are passed through unchanged.</summary>
/// <remarks>Only describes the OpenAPI document; the service reads the raw JSON.</remarks>
internal sealed record ChatCompletionRequest
{
    /// <summary>The model to use: a route, an alias, or a provider's model, e.g. <c>mock</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The messages of the conversation so far, at least one.</summary>
    public required IReadOnlyList<ChatCompletionMessage> Messages { get; init; }

    /// <summary>Whether to stream the response as server-sent events. Default: false.</summary>
    public bool? Stream { get; init; }

    /// <summary>Options for streaming responses.</summary>
    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions { get; init; }

    /// <summary>An upper bound for the tokens generated for a completion, including reasoning tokens.</summary>
    [JsonPropertyName("max_completion_tokens")]
    public int? MaxCompletionTokens { get; init; }

    /// <summary>Deprecated in favor of <c>max_completion_tokens</c>.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>How many chat completion choices to generate, 1 to 128. Default: 1.</summary>
    public int? N { get; init; }

    /// <summary>
    /// Up to 4 sequences where the model stops; the returned text does not contain the stop sequence.
    /// </summary>
    [OneOf(typeof(string), typeof(IReadOnlyList<string>))]
    public object? Stop { get; init; }

    /// <summary>The sampling temperature, 0 to 2; higher values make the output more random.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling: the probability mass of the tokens that the model considers, 0 to 1.</summary>
    [JsonPropertyName("top_p")]
    public double? TopP { get; init; }

    /// <summary>The seed for deterministic sampling, on a best-effort basis.</summary>
    public long? Seed { get; init; }

    /// <summary>-2 to 2; positive values penalize tokens based on their frequency in the text so far.</summary>
    [JsonPropertyName("frequency_penalty")]
    public double? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2; positive values penalize tokens based on whether they appear in the text so far.</summary>
    [JsonPropertyName("presence_penalty")]
    public double? PresencePenalty { get; init; }

    /// <summary>Whether to return log probabilities of the output tokens.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>The number of most likely tokens to return at each token position, 0 to 20.</summary>
    [JsonPropertyName("top_logprobs")]
    public int? TopLogprobs { get; init; }

    /// <summary>The tools the model may call.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>required</c>, or the tool that the model must call.</summary>
    [JsonPropertyName("tool_choice")]
    [OneOf(typeof(string), typeof(JsonObject))]
    public object? ToolChoice { get; init; }

    /// <summary>Whether to enable parallel tool calls. Default: true.</summary>
    [JsonPropertyName("parallel_tool_calls")]
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The format that the model must output: <c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    [JsonPropertyName("response_format")]
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>
    /// The effort of reasoning models: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> …
    /// </summary>
    [JsonPropertyName("reasoning_effort")]
    public string? ReasoningEffort { get; init; }

    /// <summary>A stable identifier of your end user; shown in usage and the request log.</summary>
    public string? User { get; init; }
}
