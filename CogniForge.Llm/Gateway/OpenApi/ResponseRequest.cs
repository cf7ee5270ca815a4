using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

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
    JsonObject? Reasoning = null
);
