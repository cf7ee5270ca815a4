using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Api;

/// <summary>A request of Anthropic's messages API. Fields that are not named here are taken as they are.</summary>
/// <remarks>For the OpenAPI document; the service reads the raw JSON.</remarks>
/// <param name="Model">A route, an alias, or a provider's model, e.g. <c>mock</c>.</param>
/// <param name="MaxTokens">The most tokens of the answer.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="System">What the model is told before the conversation: a text, or blocks of text.</param>
/// <param name="Stream">Whether the answer comes as server-sent events. Default: no.</param>
/// <param name="StopSequences">Where the answer ends; it does not contain them.</param>
/// <param name="Temperature">How freely the model chooses, 0 to 1.</param>
/// <param name="TopP">From which share of the likeliest tokens the model chooses, 0 to 1.</param>
/// <param name="Tools">What the model may call: <c>name</c>, <c>description</c>, <c>input_schema</c>.</param>
/// <param name="ToolChoice"><c>type</c> is <c>auto</c>, <c>any</c>, <c>none</c>, or <c>tool</c> with its <c>name</c>.</param>
/// <param name="Thinking">Whether and how long a model thinks that can.</param>
/// <param name="Metadata">Who asks, in <c>user_id</c>: shown in usage and the request log.</param>
internal sealed record MessageRequest(
    string Model,
    [property: JsonPropertyName("max_tokens")] int MaxTokens,
    IReadOnlyList<AnthropicTurn> Messages,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object? System = null,
    bool? Stream = null,
    [property: JsonPropertyName("stop_sequences")] IReadOnlyList<string>? StopSequences = null,
    double? Temperature = null,
    [property: JsonPropertyName("top_p")] double? TopP = null,
    IReadOnlyList<JsonObject>? Tools = null,
    [property: JsonPropertyName("tool_choice")] JsonObject? ToolChoice = null,
    JsonObject? Thinking = null,
    JsonObject? Metadata = null);

/// <summary>A message.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">A text, or blocks of the types <c>text</c>, <c>image</c>, <c>document</c>, <c>tool_use</c>, <c>tool_result</c> …</param>
internal sealed record AnthropicTurn(string Role, [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object Content);

/// <summary>Anthropic's <c>message</c>.</summary>
internal sealed record AnthropicMessage(
    string Id, string Type, string Role, string Model, IReadOnlyList<JsonElement> Content, [property: JsonPropertyName("stop_reason")] string? StopReason, AnthropicUsage Usage);

/// <summary>Tokens.</summary>
internal sealed record AnthropicUsage([property: JsonPropertyName("input_tokens")] int InputTokens, [property: JsonPropertyName("output_tokens")] int OutputTokens);

/// <summary>A conversation whose tokens are to be counted.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="System">What the model is told before the conversation: a text, or blocks of text.</param>
/// <param name="Tools">What the model may call.</param>
internal sealed record CountTokensRequest(
    string Model, IReadOnlyList<AnthropicTurn> Messages, [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object? System = null, IReadOnlyList<JsonObject>? Tools = null);

/// <summary>The tokens of a conversation.</summary>
/// <param name="InputTokens">How many.</param>
/// <param name="Estimated">True when the gateway estimated them; not there otherwise.</param>
internal sealed record MessageTokenCount(
    [property: JsonPropertyName("input_tokens")] int InputTokens, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Estimated = null);

/// <summary>Anthropic's error.</summary>
internal sealed record AnthropicErrorAnswer(string Type, AnthropicErrorDetails Error, [property: JsonPropertyName("request_id")] string? RequestId);

/// <summary>What went wrong.</summary>
/// <param name="Type">The kind of error, e.g. <c>invalid_request_error</c>.</param>
/// <param name="Message">For people.</param>
internal sealed record AnthropicErrorDetails(string Type, string Message);

/// <summary>Anthropic's description of a model.</summary>
internal sealed record AnthropicModel(
    string Type, string Id, [property: JsonPropertyName("display_name")] string DisplayName, [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt)
{
    /// <summary>A model of which the name is all that is known; the epoch is Anthropic's way to say so of its date.</summary>
    public static AnthropicModel Of(string name) => new("model", name, name, DateTimeOffset.UnixEpoch);
}

/// <summary>Anthropic's page of models.</summary>
internal sealed record AnthropicModelList(
    IReadOnlyList<AnthropicModel> Data, [property: JsonPropertyName("has_more")] bool HasMore, [property: JsonPropertyName("first_id")] string? FirstId, [property: JsonPropertyName("last_id")] string? LastId);
