using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>An error response of Anthropic's API.</summary>
internal sealed record AnthropicErrorResponse(
    string Type,
    AnthropicErrorDetails Error,
    [property: JsonPropertyName("request_id")] string? RequestId
);
