using System.Security.Claims;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Authenticates a secret.</summary>
internal sealed class ApiKeyAuthenticator(SharedKeys sharedKeys, IHostEnvironment environment, ApiKeyCache keys)
{
    /// <summary>The key that has every scope in Development on the own machine and is refused elsewhere.</summary>
    public const string DevelopmentKey = "cf_dev";

    private static readonly ClaimsPrincipal _development = new Caller(
        "development",
        "development",
        Scopes.All,
        null
    ).ToPrincipal(ApiKeyHandler.SchemeName);

    /// <param name="secret">The secret.</param>
    /// <param name="network">The client's network; null: in-process.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    /// <returns>
    /// The caller (<see cref="Caller.From"/>); <see langword="null"/> if the key is unknown, expired, disabled or
    /// revoked.
    /// </returns>
    public async ValueTask<ClaimsPrincipal?> AuthenticateAsync(
        string secret,
        string? network,
        CancellationToken cancellationToken
    )
    {
        if (secret == DevelopmentKey)
        {
            return environment.IsDevelopment() ? _development : null;
        }

        var hash = ApiKey.Hash(secret);
        return sharedKeys.Find(hash) ?? await keys.FindAsync(hash, network, cancellationToken);
    }
}
