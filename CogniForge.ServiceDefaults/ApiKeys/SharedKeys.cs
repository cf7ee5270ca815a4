using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// The keys of the configuration, as it is now: during a rotation, two values of each are valid. A configuration that
/// becomes invalid changes nothing.
/// </summary>
internal sealed class SharedKeys : IDisposable
{
    private readonly IDisposable? _changes;
    private volatile IReadOnlyList<SharedKey> _all;

    public SharedKeys(IOptionsMonitor<CogniForgeOptions> options)
    {
        _all = Read(options.CurrentValue);
        _changes = options.OnChange(changed => _all = Read(changed));
    }

    /// <summary>The key that calls to other services send; null: none.</summary>
    public string? Service => ServiceKeys.FirstOrDefault();

    /// <summary>The keys that calls of other services may have sent, that of this service's own calls first.</summary>
    public IEnumerable<string> ServiceKeys => _all.Where(k => k.IsService).Select(k => k.Secret);

    /// <summary>Finds the caller with a key of the configuration.</summary>
    public ClaimsPrincipal? Find(byte[] hash) =>
        _all.FirstOrDefault(k => CryptographicOperations.FixedTimeEquals(k.Hash, hash))?.User;

    public void Dispose() => _changes?.Dispose();

    private static IReadOnlyList<SharedKey> Read(CogniForgeOptions options) =>
        [
            .. Create("root", Scopes.All, options.AdminApiKey, options.SecondaryAdminApiKey),
            .. Create("service", Scopes.ServiceCalls, options.ServiceKey, options.SecondaryServiceKey),
        ];

    private static IEnumerable<SharedKey> Create(string name, IReadOnlyList<string> scopes, params string?[] secrets) =>
        from secret in secrets
        where !string.IsNullOrEmpty(secret)
        select new SharedKey(
            secret,
            ApiKey.Hash(secret),
            new Caller(name, name, scopes, null).ToPrincipal(ApiKeyHandler.SchemeName),
            name == "service"
        );
}
