using System.Text.Json.Serialization;

namespace CogniForge.Serving.Inference.OpenApi;

/// <summary>An inference response.</summary>
internal sealed record InferenceResponseBody(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    IReadOnlyList<TensorBody> Outputs,
    string? Id = null,
    IReadOnlyDictionary<string, string>? Parameters = null
);
