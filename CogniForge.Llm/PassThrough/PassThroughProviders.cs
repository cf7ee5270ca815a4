using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.PassThrough;

/// <summary>Selects the provider of requests that name no model.</summary>
internal static class PassThroughProviders
{
    /// <summary>The query parameter that names the provider; it is not sent to it.</summary>
    public const string Parameter = "provider";

    /// <summary>Whether a provider has an API; the mock has none of these endpoints.</summary>
    public static bool Has(this Provider provider, Protocol api) =>
        provider.Kind != ProviderKind.Mock && provider.Protocols.Contains(api);

    /// <summary>
    /// Finds the provider by its name, or else the default one: OpenAI or Anthropic itself before others, of which the
    /// first by name.
    /// </summary>
    public static Provider? Find(RouteTable routes, Protocol api, string? name)
    {
        var own = api == Protocol.Messages ? ProviderKind.Anthropic : ProviderKind.OpenAI;
        return routes
            .Providers.Where(p => p.Has(api) && (name is null || p.Name == name))
            .OrderBy(p => p.Kind != own)
            .ThenBy(p => p.Name != ProviderProfiles.For(own).ProviderName)
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
