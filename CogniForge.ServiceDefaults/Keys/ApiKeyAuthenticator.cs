using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>Says who a secret belongs to.</summary>
internal sealed class ApiKeyAuthenticator(
    IOptions<CogniForgeOptions> options, IHostEnvironment environment, IApiKeyStore store, TimeProvider time, IKeyLimits? limits = null) : IDisposable
{
    /// <summary>The key that has every scope in Development and is refused elsewhere.</summary>
    public const string DevelopmentKey = "cf_dev";

    // A change of a key is seen everywhere within two seconds; a flood of made-up keys costs bounded memory.
    private static readonly TimeSpan _cacheFor = TimeSpan.FromSeconds(2);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly List<(byte[] Hash, ClaimsPrincipal User)> _fixed =
    [
        .. Fixed(options.Value.AdminApiKey, "root"),
        .. Fixed(options.Value.ServiceKey, "service"),
        .. environment.IsDevelopment() ? Fixed(DevelopmentKey, "development") : [],
    ];

    /// <summary>The caller of that secret (<see cref="Caller.Of"/>), or <see langword="null"/> when it is unknown, expired, disabled or revoked.</summary>
    public async ValueTask<ClaimsPrincipal?> AuthenticateAsync(string secret, CancellationToken cancellationToken)
    {
        var hash = ApiKey.Hash(secret);
        foreach (var (own, user) in _fixed)
        {
            if (CryptographicOperations.FixedTimeEquals(own, hash))
            {
                return user;
            }
        }

        var cacheKey = Convert.ToHexString(hash);
        if (!_cache.TryGetValue<Known>(cacheKey, out var known))
        {
            var key = await store.FindAsync(hash, cancellationToken);
            known = new(key, key is null ? null : PrincipalOf(CallerOf(key)));
            _cache.Set(cacheKey, known, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _cacheFor });
        }

        return known?.Key?.IsValidAt(time.GetUtcNow()) == true ? known.User : null;
    }

    public void Dispose() => _cache.Dispose();

    private static IEnumerable<(byte[] Hash, ClaimsPrincipal User)> Fixed(string? secret, string name) =>
        string.IsNullOrEmpty(secret) ? [] : [(ApiKey.Hash(secret), PrincipalOf(new(name, name, Scopes.All, null)))];

    private static ClaimsPrincipal PrincipalOf(Caller caller) => caller.ToPrincipal(ApiKeyHandler.SchemeName);

    private Caller CallerOf(ApiKey key) => new(key.Id.ToString(), key.Name, key.Scopes, key.ExpiresAt) { Limits = key.Limits is { } document ? limits?.Read(document) : null };

    /// <summary>What is remembered of a secret, of one that nobody knows too.</summary>
    private sealed record Known(ApiKey? Key, ClaimsPrincipal? User);
}
