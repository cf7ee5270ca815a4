using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request of the Responses API. Other fields are passed through unchanged.</summary>
/// <param name="Model">The model to use: a route, an alias, or a provider's model.</param>
/// <param name="Input">A string, or input items: messages, function calls and their outputs.</param>
/// <param name="Instructions">A system message inserted into the model's context.</param>
/// <param name="Stream">Whether to stream the response as server-sent events. Default: false.</param>
/// <param name="MaxOutputTokens">
/// An upper bound for the tokens generated for a response, including reasoning tokens.
/// </param>
/// <param name="Temperature">The sampling temperature, 0 to 2; higher values make the output more random.</param>
/// <param name="Tools">The tools the model may call: <c>type</c>, <c>name</c>, <c>parameters</c> …</param>
/// <param name="ToolChoice"><c>none</c>, <c>auto</c>, <c>required</c>, or the tool that the model must call.</param>
/// <param name="Text">Configuration for a text response: the output format in <c>format</c>.</param>
/// <param name="Reasoning">Configuration for reasoning models: the reasoning effort in <c>effort</c>.</param>
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
    JsonObject? Reasoning = null
);
