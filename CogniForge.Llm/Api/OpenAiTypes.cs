using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Api;

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
    string? Name = null);

/// <summary>A part of a message. Kinds that are not described here go to the provider as they are.</summary>
/// <param name="Type"><c>text</c>, <c>image_url</c>, <c>input_audio</c>, <c>file</c> …</param>
/// <param name="Text">Of a <c>text</c>.</param>
/// <param name="ImageUrl">Of an <c>image_url</c>: <c>url</c>, an address or <c>data:image/png;base64,…</c>, and <c>detail</c>.</param>
internal sealed record ChatContentPart(string Type, string? Text = null, [property: JsonPropertyName("image_url")] JsonObject? ImageUrl = null);

/// <summary>A tool.</summary>
/// <param name="Type"><c>function</c>.</param>
/// <param name="Function">What it is.</param>
internal sealed record ChatTool(string Type, ChatFunction Function);

/// <summary>A function that a model may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for the model.</param>
/// <param name="Parameters">The JSON Schema of its arguments.</param>
/// <param name="Strict">Whether the arguments must fit the schema.</param>
internal sealed record ChatFunction(string Name, string? Description = null, JsonObject? Parameters = null, bool? Strict = null);

/// <summary>A call of a tool.</summary>
/// <param name="Id">Names the call to its result.</param>
/// <param name="Type"><c>function</c>.</param>
/// <param name="Function">What is called.</param>
internal sealed record ChatToolCall(string Id, string Type, ChatCalledFunction Function);

/// <summary>What is called.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON, as a text.</param>
internal sealed record ChatCalledFunction(string Name, string Arguments);

/// <summary>What a stream has besides the answer.</summary>
/// <param name="IncludeUsage">A last chunk with the tokens.</param>
internal sealed record StreamOptions([property: JsonPropertyName("include_usage")] bool? IncludeUsage = null);

/// <summary>The form of an answer.</summary>
/// <param name="Type"><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</param>
/// <param name="JsonSchema">Of <c>json_schema</c>: <c>name</c>, <c>schema</c> and <c>strict</c>.</param>
internal sealed record ResponseFormat(string Type, [property: JsonPropertyName("json_schema")] JsonObject? JsonSchema = null);

/// <summary>OpenAI's <c>chat.completion</c>.</summary>
internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatCompletionChoice> Choices, ChatCompletionUsage Usage);

/// <summary>One of the answers.</summary>
internal sealed record ChatCompletionChoice(int Index, ChatCompletionAnswer Message, object? Logprobs, [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>The assistant's message.</summary>
internal sealed record ChatCompletionAnswer(string Role, string? Content, string? Refusal, [property: JsonPropertyName("tool_calls")] IReadOnlyList<ChatToolCall>? ToolCalls = null);

/// <summary>Tokens.</summary>
internal sealed record ChatCompletionUsage(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens);

/// <summary>A request of the responses API. Fields that are not named here are taken as they are.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Input">A text, or items: messages, calls of functions and their results.</param>
/// <param name="Instructions">What a system message would say.</param>
/// <param name="Stream">Whether the answer comes as server-sent events. Default: no.</param>
/// <param name="MaxOutputTokens">The most tokens of the answer.</param>
/// <param name="Temperature">How freely the model chooses, 0 to 2.</param>
/// <param name="Tools">What the model may call: <c>type</c>, <c>name</c>, <c>parameters</c> …</param>
/// <param name="ToolChoice"><c>none</c>, <c>auto</c>, <c>required</c>, or the tool to call.</param>
/// <param name="Text">The form of the answer, in <c>format</c>.</param>
/// <param name="Reasoning">How long a model thinks that can, in <c>effort</c>.</param>
internal sealed record ResponseRequest(
    string Model,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object Input,
    string? Instructions = null,
    bool? Stream = null,
    [property: JsonPropertyName("max_output_tokens")] int? MaxOutputTokens = null,
    double? Temperature = null,
    IReadOnlyList<JsonObject>? Tools = null,
    [property: JsonPropertyName("tool_choice"), OneOf(typeof(string), typeof(JsonObject))] object? ToolChoice = null,
    JsonObject? Text = null,
    JsonObject? Reasoning = null);

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
/// <param name="Input">A text, several, the tokens of one, or those of several.</param>
/// <param name="Dimensions">The length of each vector. Default: the model's own.</param>
/// <param name="EncodingFormat"><c>float</c> or <c>base64</c>: then a vector is the text of its little-endian 32-bit numbers. Default: <c>float</c>.</param>
/// <param name="User">Who asks, by your own id.</param>
internal sealed record EmbeddingRequest(
    string Model,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<string>), typeof(IReadOnlyList<int>), typeof(IReadOnlyList<IReadOnlyList<int>>))] object Input,
    int? Dimensions = null,
    [property: JsonPropertyName("encoding_format")] string? EncodingFormat = null,
    string? User = null);

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
