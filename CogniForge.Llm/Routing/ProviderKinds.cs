using CogniForge.Llm.Protocols;

namespace CogniForge.Llm.Routing;

/// <summary>What each kind of provider supports.</summary>
internal static class ProviderKinds
{
    private static readonly Protocol[] _openAI = [Protocol.ChatCompletions, Protocol.Responses, Protocol.Embeddings];
    private static readonly Protocol[] _chat = [Protocol.ChatCompletions, Protocol.Embeddings];
    private static readonly Protocol[] _messages = [Protocol.Messages];

    /// <summary>The kinds with a default base URL: a provider named like its kind needs only an API key.</summary>
    public static IReadOnlyList<ProviderKind> WithDefaultUrl { get; } =
    [ProviderKind.OpenAI, ProviderKind.Anthropic, ProviderKind.OpenRouter];

    /// <summary>The name of the default provider of a kind, e.g. <c>openai</c>.</summary>
    public static string GetName(this ProviderKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind with a name, in any case; null: there is none.</summary>
    public static ProviderKind? Find(string name) =>
        Enum.TryParse<ProviderKind>(name, ignoreCase: true, out var kind) ? kind : null;

    public static IReadOnlyList<Protocol> GetProtocols(this ProviderKind kind) =>
        kind switch
        {
            ProviderKind.OpenAI => _openAI,
            ProviderKind.Anthropic => _messages,
            _ => _chat,
        };

    /// <summary>The default base URL with a trailing slash; null: the kind has none.</summary>
    public static Uri? GetDefaultUrl(this ProviderKind kind) =>
        kind switch
        {
            ProviderKind.OpenAI => new("https://api.openai.com/v1/"),
            ProviderKind.Anthropic => new("https://api.anthropic.com/v1/"),
            ProviderKind.OpenRouter => new("https://openrouter.ai/api/v1/"),
            _ => null,
        };
}
