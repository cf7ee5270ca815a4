using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request for embeddings.</summary>
/// <param name="Model">A route, an alias, or a provider's model.</param>
/// <param name="Input">A text, several, the tokens of one, or those of several.</param>
/// <param name="Dimensions">The length of each vector. Default: the model's own.</param>
/// <param name="EncodingFormat"><c>float</c> or <c>base64</c>: then a vector is the text of its little-endian 32-bit numbers. Default: <c>float</c>.</param>
/// <param name="User">Who asks, by your own id.</param>
internal sealed record EmbeddingRequest(
    string Model,
    [property: OneOf(
        typeof(string),
        typeof(IReadOnlyList<string>),
        typeof(IReadOnlyList<int>),
        typeof(IReadOnlyList<IReadOnlyList<int>>)
    )]
        object Input,
    int? Dimensions = null,
    [property: JsonPropertyName("encoding_format")] string? EncodingFormat = null,
    string? User = null
);
