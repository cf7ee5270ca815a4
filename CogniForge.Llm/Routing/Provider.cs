using CogniForge.Llm.Configuration;
using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>Who serves models. Its key is no part of it: keys come from configuration alone.</summary>
/// <param name="Name">Identifies it: lower-case letters, digits and hyphens, e.g. <c>openai</c>.</param>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="BaseUrl">Where it is, with the version, e.g. <c>https://api.openai.com/v1</c>; null: the kind's own.</param>
internal sealed record Provider(string Name, ProviderKind Kind, Uri? BaseUrl = null)
{
    private static readonly Protocol[] _openAI = [Protocol.ChatCompletions, Protocol.Responses, Protocol.Embeddings];
    private static readonly Protocol[] _chat = [Protocol.ChatCompletions, Protocol.Embeddings];
    private static readonly Protocol[] _messages = [Protocol.Messages];

    /// <summary>The provider that is always there.</summary>
    public static Provider Mock { get; } = new("mock", ProviderKind.Mock) { Origin = ConfigOrigin.BuiltIn };

    /// <summary>The kinds with an address of their own: a provider that is called like one needs nothing but a key.</summary>
    public static IReadOnlyList<ProviderKind> NeedOnlyAKey { get; } =
    [ProviderKind.OpenAI, ProviderKind.Anthropic, ProviderKind.OpenRouter];

    /// <summary>What the provider of a kind is called that needs nothing but a key, e.g. <c>openai</c>.</summary>
    public static string GetName(ProviderKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Who set it up.</summary>
    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Configuration;

    /// <summary>The protocols that it speaks.</summary>
    public IReadOnlyList<Protocol> Protocols =>
        Kind switch
        {
            ProviderKind.OpenAI => _openAI,
            ProviderKind.Anthropic => _messages,
            _ => _chat,
        };

    /// <summary>Where it is, with a slash at the end; null for the mock.</summary>
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
