using Microsoft.Extensions.Primitives;

namespace CogniForge.Llm.Providers;

/// <summary>
/// The providers' API keys, only from configuration (<c>Providers:{name}:ApiKey</c>), so that no table, response or log
/// contains them. Follows reloads of the configuration. Thread-safe.
/// </summary>
internal sealed class ProviderApiKeys : IDisposable
{
    private const string ApiKey = "ApiKey";
    private readonly IDisposable _reload;
    private volatile Dictionary<string, string> _keys = [];

    public ProviderApiKeys(IConfiguration configuration)
    {
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, () => _keys = Read(configuration));
        _keys = Read(configuration);
    }

    /// <summary>The key of a provider; null if none is configured.</summary>
    public string? Get(string provider) => _keys.GetValueOrDefault(provider);

    public static bool HasKey(IConfigurationSection provider) => provider[ApiKey] is { Length: > 0 };

    public static bool IsKey(IConfigurationSection setting) =>
        setting.Key.Equals(ApiKey, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a provider has no other setting: its key is for a provider of the admin API.</summary>
    public static bool IsKeyAlone(IConfigurationSection provider) =>
        provider.GetChildren().All(s => IsKey(s) || (string.IsNullOrEmpty(s.Value) && !s.GetChildren().Any()));

    public void Dispose() => _reload.Dispose();

    private static Dictionary<string, string> Read(IConfiguration configuration) =>
        configuration
            .GetSection("Providers")
            .GetChildren()
            .Where(HasKey)
            .ToDictionary(p => p.Key, p => p[ApiKey]!, StringComparer.OrdinalIgnoreCase);
}
