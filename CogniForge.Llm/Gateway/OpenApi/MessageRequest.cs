using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

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
    IReadOnlyList<AnthropicMessageParam> Messages,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object? System = null,
    bool? Stream = null,
    [property: JsonPropertyName("stop_sequences")] IReadOnlyList<string>? StopSequences = null,
    double? Temperature = null,
    [property: JsonPropertyName("top_p")] double? TopP = null,
    IReadOnlyList<JsonObject>? Tools = null,
    [property: JsonPropertyName("tool_choice")] JsonObject? ToolChoice = null,
    JsonObject? Thinking = null,
    JsonObject? Metadata = null
);
