using Microsoft.Extensions.Primitives;

namespace CogniForge.Llm.Providers;

/// <summary>
/// The providers' API keys, only from configuration (<c>Providers:{name}:ApiKey</c>), so that no table, response or log
/// contains them. Follows reloads of the configuration. Thread-safe.
/// </summary>
internal sealed class ProviderApiKeys : IDisposable
{
    private readonly IDisposable _reload;
    private volatile Dictionary<string, string> _keys = [];

    public ProviderApiKeys(IConfiguration configuration)
    {
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, () => _keys = Read(configuration));
        _keys = Read(configuration);
    }

    /// <summary>The key of a provider; null if none is configured.</summary>
    public string? Get(string provider) => _keys.GetValueOrDefault(provider);

    public void Dispose() => _reload.Dispose();

    private static Dictionary<string, string> Read(IConfiguration configuration) =>
        configuration
            .GetSection("Providers")
            .GetChildren()
            .Where(p => !string.IsNullOrEmpty(p["ApiKey"]))
            .ToDictionary(p => p.Key, p => p["ApiKey"]!, StringComparer.OrdinalIgnoreCase);
}
