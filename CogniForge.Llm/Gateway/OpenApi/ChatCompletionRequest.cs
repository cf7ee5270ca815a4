using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A chat request. Fields that are not named here are taken as they are.</summary>
/// <remarks>For the OpenAPI document; the service reads the raw JSON.</remarks>
internal sealed record ChatCompletionRequest
{
    /// <summary>A route, an alias, or a provider's model, e.g. <c>mock</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, at least one message.</summary>
    public required IReadOnlyList<ChatCompletionMessage> Messages { get; init; }

    /// <summary>Whether the answer comes as server-sent events. Default: no.</summary>
    public bool? Stream { get; init; }

    /// <summary>What a stream has besides the answer.</summary>
    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions { get; init; }

    /// <summary>The most tokens of the answer.</summary>
    [JsonPropertyName("max_completion_tokens")]
    public int? MaxCompletionTokens { get; init; }

    /// <summary>The older name of <c>max_completion_tokens</c>.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>How many answers, 1 or more. Default: 1.</summary>
    public int? N { get; init; }

    /// <summary>Where the answer ends, up to 4 texts, which it does not contain.</summary>
    [OneOf(typeof(string), typeof(IReadOnlyList<string>))]
    public object? Stop { get; init; }

    /// <summary>How freely the model chooses, 0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>From which share of the likeliest tokens the model chooses, 0 to 1.</summary>
    [JsonPropertyName("top_p")]
    public double? TopP { get; init; }

    /// <summary>Makes answers repeatable where the model can.</summary>
    public long? Seed { get; init; }

    /// <summary>-2 to 2: above 0, what was said often is said less.</summary>
    [JsonPropertyName("frequency_penalty")]
    public double? FrequencyPenalty { get; init; }

    /// <summary>-2 to 2: above 0, what was said at all is said less.</summary>
    [JsonPropertyName("presence_penalty")]
    public double? PresencePenalty { get; init; }

    /// <summary>Whether each token comes with its log probability.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>With how many alternatives, 0 to 20.</summary>
    [JsonPropertyName("top_logprobs")]
    public int? TopLogprobs { get; init; }

    /// <summary>What the model may call.</summary>
    public IReadOnlyList<ChatTool>? Tools { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>required</c>, or the tool to call.</summary>
    [JsonPropertyName("tool_choice")]
    [OneOf(typeof(string), typeof(JsonObject))]
    public object? ToolChoice { get; init; }

    /// <summary>Whether several tools may be called at once. Default: yes.</summary>
    [JsonPropertyName("parallel_tool_calls")]
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The form of the answer: <c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    [JsonPropertyName("response_format")]
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>How long a model thinks that can: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> …</summary>
    [JsonPropertyName("reasoning_effort")]
    public string? ReasoningEffort { get; init; }

    /// <summary>Who asks, by your own id: shown in usage and the request log.</summary>
    public string? User { get; init; }
}
