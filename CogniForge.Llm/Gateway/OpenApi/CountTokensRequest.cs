using System.Text.Json.Nodes;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A conversation whose tokens are to be counted.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Messages">The conversation, at least one message.</param>
/// <param name="System">What the model is told before the conversation: a text, or blocks of text.</param>
/// <param name="Tools">What the model may call.</param>
internal sealed record CountTokensRequest(
    string Model,
    IReadOnlyList<AnthropicMessageParam> Messages,
    [property: OneOf(typeof(string), typeof(IReadOnlyList<JsonObject>))] object? System = null,
    IReadOnlyList<JsonObject>? Tools = null
);
