using System.Text.Json;
using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A <c>message</c> object of Anthropic's API.</summary>
internal sealed record AnthropicMessage(
    string Id,
    string Type,
    string Role,
    string Model,
    IReadOnlyList<JsonElement> Content,
    [property: JsonPropertyName("stop_reason")] string? StopReason,
    AnthropicUsage Usage
);
