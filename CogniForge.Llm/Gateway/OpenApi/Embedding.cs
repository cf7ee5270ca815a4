using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>An embedding vector.</summary>
internal sealed record Embedding(
    string Object,
    int Index,
    [property: JsonPropertyName("embedding")] IReadOnlyList<float> Vector
);
