using System.Text.Json.Serialization;

namespace CogniForge.Llm.Gateway.OpenApi;

/// <summary>A request of the Embeddings API.</summary>
/// <param name="Model">The model to use: a route, an alias, or a provider's model.</param>
/// <param name="Input">
/// The input to embed: a string, an array of strings, an array of tokens, or an array of token arrays.
/// </param>
/// <param name="Dimensions">The number of dimensions of the embeddings. Default: that of the model.</param>
/// <param name="EncodingFormat">
/// <c>float</c>, or <c>base64</c> for the base64 of little-endian 32-bit floats. Default: <c>float</c>.
/// </param>
/// <param name="User">A stable identifier of your end user.</param>
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
