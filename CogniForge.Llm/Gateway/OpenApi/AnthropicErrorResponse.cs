using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>Anthropic's error.</summary>
internal sealed record AnthropicErrorResponse(
    string Type,
    AnthropicErrorDetails Error,
    [property: JsonPropertyName("request_id")] string? RequestId
);
