using System.Text.Json.Nodes;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request to count the tokens of a message.</summary>
/// <param name="Model">The model to use: a route, an alias, or a provider's model.</param>
/// <param name="Messages">The input messages, at least one.</param>
/// <param name="System">The system prompt: a string, or text blocks.</param>
/// <param name="Tools">The tools that the model may use.</param>
internal sealed record CountTokensRequest(
    string Model,
    IReadOnlyList<AnthropicMessageParam> Messages,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object? System = null,
    IReadOnlyList<JsonObject>? Tools = null
);
