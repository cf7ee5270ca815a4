using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>Says who a secret belongs to.</summary>
internal sealed class ApiKeyAuthenticator(IOptions<CogniForgeOptions> options, IHostEnvironment environment, IApiKeyStore store, TimeProvider time) : IDisposable
{
    /// <summary>The key that has every scope in Development and is refused elsewhere.</summary>
    public const string DevelopmentKey = "cf_dev";

    // A change of a key is seen everywhere within two seconds; a flood of made-up keys costs bounded memory.
    private static readonly TimeSpan _cacheFor = TimeSpan.FromSeconds(2);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly List<(byte[] Hash, Caller Caller)> _fixed =
    [
        .. Fixed(options.Value.AdminApiKey, "root"),
        .. Fixed(options.Value.ServiceKey, "service"),
        .. environment.IsDevelopment() ? Fixed(DevelopmentKey, "development") : [],
    ];

    /// <summary>The caller of that secret, or <see langword="null"/> when it is unknown, expired or revoked.</summary>
    public async ValueTask<Caller?> AuthenticateAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = ApiKey.Hash(secret);
        foreach (var (known, caller) in _fixed)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                return caller;
            }
        }

        var cacheKey = Convert.ToHexString(hash);
        if (!_cache.TryGetValue<ApiKey?>(cacheKey, out var key))
        {
            key = await store.FindAsync(hash, cancellationToken);
            _cache.Set(cacheKey, key, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _cacheFor });
        }

        return key is not null && key.IsValidAt(time.GetUtcNow()) ? new Caller(key.Id.ToString(), key.Name, key.Scopes, key.ExpiresAt) : null;
    }

    public void Dispose() => _cache.Dispose();

    private static IEnumerable<(byte[] Hash, Caller Caller)> Fixed(string? secret, string name) =>
        string.IsNullOrEmpty(secret) ? [] : [(ApiKey.Hash(secret), new Caller(name, name, Scopes.All, null))];
}
