using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;
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
    private volatile Dictionary<string, (string Key, Uri Origin)> _keys = [];

    public ProviderApiKeys(IConfiguration configuration)
    {
        _reload = ChangeToken.OnChange(configuration.GetReloadToken, () => _keys = Read(configuration));
        _keys = Read(configuration);
    }

    /// <summary>
    /// The key of a provider; null: none is configured for the scheme, host and port of the provider's address.
    /// </summary>
    public string? Get(Provider provider) =>
        _keys.TryGetValue(provider.Name, out var known) && IsAt(provider, known.Origin) ? known.Key : null;

    public static bool HasKey(IConfigurationSection provider) => provider[ApiKey] is { Length: > 0 };

    public static bool IsKey(IConfigurationSection setting) =>
        setting.Key.Equals(ApiKey, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a provider has neither a key nor another setting with a value.</summary>
    public static bool IsEmpty(IConfigurationSection provider) =>
        provider.GetChildren().All(s => string.IsNullOrEmpty(s.Value) && !s.GetChildren().Any());

    /// <summary>
    /// Validates the address of a provider with a configured key, which is sent only to the configured origin.
    /// </summary>
    /// <param name="provider">The provider, which the API may have moved.</param>
    /// <param name="configured">Its configured address; null: none.</param>
    public static IEnumerable<FieldError> ValidateAddress(Provider provider, Uri? configured)
    {
        if (provider.Address is null)
        {
            yield break;
        }

        if (configured is null)
        {
            yield return new(
                "baseUrl",
                $"must be configured in Providers:{provider.Name}:BaseUrl: "
                    + $"the configured key of {provider.Name} is sent only to a configured address"
            );
        }
        else if (!IsAt(provider, configured))
        {
            yield return new(
                "baseUrl",
                $"must be at {configured.GetLeftPart(UriPartial.Authority)}: "
                    + $"the configured key of {provider.Name} is sent nowhere else"
            );
        }
    }

    public void Dispose() => _reload.Dispose();

    private static Dictionary<string, (string Key, Uri Origin)> Read(IConfiguration configuration)
    {
        var keys = new Dictionary<string, (string, Uri)>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in configuration.GetSection("Providers").GetChildren().Where(HasKey))
        {
            if (ReadOrigin(provider) is { } origin)
            {
                keys[provider.Key] = (provider[ApiKey]!, origin);
            }
        }

        return keys;
    }

    private static bool IsAt(Provider provider, Uri origin) =>
        provider.Address is not null
        && Uri.Compare(
            provider.Address,
            origin,
            UriComponents.SchemeAndServer,
            UriFormat.SafeUnescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    private static Uri? ReadOrigin(IConfigurationSection provider) =>
        provider["BaseUrl"] is { Length: > 0 } url
            ? Uri.TryCreate(url, UriKind.Absolute, out var address)
                ? address
                : null
            : ProviderProfiles.Find(provider["Kind"] is { Length: > 0 } kind ? kind : provider.Key)?.DefaultUrl;
}
