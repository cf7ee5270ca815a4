using CogniForge.Llm.Configuration;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>A provider of models, without its API key: keys come only from configuration.</summary>
/// <param name="Name">The unique name: lower-case letters, digits and hyphens, e.g. <c>openai</c>.</param>
/// <param name="Kind">The kind, which determines protocols and authentication.</param>
/// <param name="BaseUrl">
/// The base URL with the version, e.g. <c>https://api.openai.com/v1</c>; null: the default of the kind.
/// </param>
internal sealed record Provider(string Name, ProviderKind Kind, Uri? BaseUrl = null)
{
    private static readonly Protocol[] _openAI = [Protocol.ChatCompletions, Protocol.Responses, Protocol.Embeddings];
    private static readonly Protocol[] _chat = [Protocol.ChatCompletions, Protocol.Embeddings];
    private static readonly Protocol[] _messages = [Protocol.Messages];

    /// <summary>The built-in mock provider, which always exists.</summary>
    public static Provider Mock { get; } = new("mock", ProviderKind.Mock) { Origin = ConfigOrigin.BuiltIn };

    /// <summary>The kinds with a default base URL: a provider named like its kind needs only an API key.</summary>
    public static IReadOnlyList<ProviderKind> KindsWithDefaultUrl { get; } =
    [ProviderKind.OpenAI, ProviderKind.Anthropic, ProviderKind.OpenRouter];

    /// <summary>Gets the name of the default provider of a kind, e.g. <c>openai</c>.</summary>
    public static string GetName(ProviderKind kind) => kind.ToString().ToLowerInvariant();

    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Configuration;

    /// <summary>The protocols that the provider supports.</summary>
    public IReadOnlyList<Protocol> Protocols =>
        Kind switch
        {
            ProviderKind.OpenAI => _openAI,
            ProviderKind.Anthropic => _messages,
            _ => _chat,
        };

    /// <summary>The base URL with a trailing slash; null for the mock.</summary>
    public Uri? Address { get; } =
        BaseUrl is { } url
            ? WithSlash(url)
            : Kind switch
            {
                ProviderKind.OpenAI => new("https://api.openai.com/v1/"),
                ProviderKind.Anthropic => new("https://api.anthropic.com/v1/"),
                ProviderKind.OpenRouter => new("https://openrouter.ai/api/v1/"),
                _ => null,
            };

    private static Uri WithSlash(Uri url) => url.AbsoluteUri.EndsWith('/') ? url : new(url.AbsoluteUri + "/");
}
