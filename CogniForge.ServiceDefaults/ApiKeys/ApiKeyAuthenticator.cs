using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Authenticates a secret.</summary>
internal sealed class ApiKeyAuthenticator(
    IOptions<CogniForgeOptions> options,
    IHostEnvironment environment,
    ApiKeyCache keys
)
{
    /// <summary>The key that has every scope in Development and is refused elsewhere.</summary>
    public const string DevelopmentKey = "cf_dev";

    private readonly List<(byte[] Hash, ClaimsPrincipal User)> _fixed =
    [
        .. Fixed(options.Value.AdminApiKey, "root"),
        .. Fixed(options.Value.ServiceKey, "service"),
        .. environment.IsDevelopment() ? Fixed(DevelopmentKey, "development") : [],
    ];

    /// <returns>
    /// The caller (<see cref="Caller.From"/>); <see langword="null"/> if the key is unknown, expired, disabled or
    /// revoked.
    /// </returns>
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

        return await keys.FindAsync(hash, cancellationToken);
    }

    private static IEnumerable<(byte[] Hash, ClaimsPrincipal User)> Fixed(string? secret, string name) =>
        string.IsNullOrEmpty(secret) ? [] : [(ApiKey.Hash(secret), CreatePrincipal(new(name, name, Scopes.All, null)))];

    private static ClaimsPrincipal CreatePrincipal(Caller caller) => caller.ToPrincipal(ApiKeyHandler.SchemeName);
}
