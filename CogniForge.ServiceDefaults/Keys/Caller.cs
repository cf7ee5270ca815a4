using System.Globalization;
using System.Security.Claims;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>Who makes a request.</summary>
/// <param name="Id">The key's id; <c>root</c>, <c>service</c> or <c>development</c> for the keys from configuration.</param>
/// <param name="Name">The key's name.</param>
/// <param name="Scopes">What the caller may do.</param>
/// <param name="ExpiresAt">When the key ends, UTC; <see langword="null"/>: never.</param>
public sealed record Caller(string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    private const string ScopeClaim = "scope";
    private const string ExpiryClaim = "exp";

    /// <summary>The caller of a request that has been authenticated.</summary>
    /// <param name="user">The request's principal.</param>
    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
        user.Identity?.Name ?? "",
        [.. user.FindAll(ScopeClaim).Select(c => c.Value)],
        user.FindFirstValue(ExpiryClaim) is { } expiry ? DateTimeOffset.Parse(expiry, CultureInfo.InvariantCulture) : null);

    internal ClaimsPrincipal ToPrincipal(string authenticationType)
    {
        var claims = new List<Claim> { new(ClaimTypes.NameIdentifier, Id), new(ClaimTypes.Name, Name) };
        claims.AddRange(Scopes.Select(s => new Claim(ScopeClaim, s)));
        if (ExpiresAt is { } expiry)
        {
            claims.Add(new(ExpiryClaim, expiry.ToString("O", CultureInfo.InvariantCulture)));
        }

        return new(new ClaimsIdentity(claims, authenticationType));
    }
}
