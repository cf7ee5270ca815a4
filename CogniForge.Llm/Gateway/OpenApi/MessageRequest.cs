using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request of Anthropic's Messages API. Other fields are passed through unchanged.</summary>
/// <remarks>Only describes the OpenAPI document; the service reads the raw JSON.</remarks>
/// <param name="Model">The model to use: a route, an alias, or a provider's model, e.g. <c>mock</c>.</param>
/// <param name="MaxTokens">The maximum number of tokens to generate before stopping.</param>
/// <param name="Messages">The input messages, at least one.</param>
/// <param name="System">The system prompt: a string, or text blocks.</param>
/// <param name="Stream">Whether to stream the response as server-sent events. Default: false.</param>
/// <param name="StopSequences">Text sequences that cause the model to stop; the response does not contain them.</param>
/// <param name="Temperature">The amount of randomness injected into the response, 0 to 1.</param>
/// <param name="TopP">Nucleus sampling: the probability mass of the tokens that the model considers, 0 to 1.</param>
/// <param name="Tools">The tools that the model may use: <c>name</c>, <c>description</c>, <c>input_schema</c>.</param>
/// <param name="ToolChoice">
/// How the model should use the tools: <c>type</c> <c>auto</c>, <c>any</c>, <c>none</c>, or <c>tool</c> with
/// <c>name</c>.
/// </param>
/// <param name="Thinking">Configuration for extended thinking.</param>
/// <param name="Metadata">
/// <c>user_id</c>, an identifier of your end user, is shown in usage and the request log.
/// </param>
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
