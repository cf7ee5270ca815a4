using System.Text.Json.Serialization;

namespace CogniForge.Llm.Api;

/// <summary>One embedding.</summary>
internal sealed record Embedding(string Object, int Index, [property: JsonPropertyName("embedding")] IReadOnlyList<float> Vector);
