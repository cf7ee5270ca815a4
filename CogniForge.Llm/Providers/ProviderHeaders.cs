using System.Net.Http.Headers;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Providers;

/// <summary>The headers that the gateway itself sends to providers.</summary>
internal static class ProviderHeaders
{
    private const string DefaultAnthropicVersion = "2023-06-01";

    public static void AddKey(HttpRequestHeaders headers, Provider provider, string? key)
    {
        if (key is not null)
        {
            var header = provider.Profile.ApiKeyHeader;
            headers.TryAddWithoutValidation(header ?? "Authorization", header is null ? $"Bearer {key}" : key);
        }
    }

    /// <summary>Adds Anthropic's version, which it requires.</summary>
    public static void AddDefaultVersion(HttpRequestHeaders headers) =>
        headers.TryAddWithoutValidation("anthropic-version", DefaultAnthropicVersion);
}
