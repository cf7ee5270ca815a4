using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>A request to a provider.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Protocol">The protocol of the body.</param>
/// <param name="Path">The path relative to the provider's base URL.</param>
/// <param name="Body">The body, JSON in UTF-8.</param>
/// <param name="Stream">Whether to stream the response.</param>
/// <param name="Headers">The client's headers to forward.</param>
internal sealed record ProviderRequest(
    Provider Provider,
    Protocol Protocol,
    string Path,
    ReadOnlyMemory<byte> Body,
    bool Stream,
    IReadOnlyList<KeyValuePair<string, string>> Headers
)
{
    /// <summary>Until a new connection is established. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = Timeouts.Default.Connect;

    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>The content to send in place of the body; null: the body.</summary>
    public HttpContent? Content { get; init; }
}
