using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>OpenAI's <c>model</c>.</summary>
internal sealed record ModelInfo(
    string Id,
    string Object,
    long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy
);
