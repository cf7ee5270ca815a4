using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A key as it is kept: never the secret itself.</summary>
/// <param name="Id">Identifies the key, UUID version 7.</param>
/// <param name="Name">What the key is for, in its owner's words.</param>
/// <param name="Scopes">What it may do; see <see cref="CogniForge.ServiceDefaults.ApiKeys.Scopes"/>.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">From when on it is refused, UTC; <see langword="null"/>: never.</param>
/// <param name="RevokedAt">When it was revoked, UTC; <see langword="null"/>: it was not.</param>
public sealed record ApiKey(
    Guid Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt
)
{
    /// <summary>Since when it is refused until it is enabled again, UTC; <see langword="null"/>: it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>What the service limits the key to beyond its scopes, in the service's own form; <see langword="null"/>: nothing.</summary>
    public JsonElement? Limits { get; init; }

    /// <summary>Whether the key is accepted at a moment.</summary>
    /// <param name="now">The moment.</param>
    public bool IsValidAt(DateTimeOffset now) =>
        RevokedAt is null && DisabledAt is null && (ExpiresAt is null || now < ExpiresAt);

    /// <summary>A new secret: <c>cf_</c> and 256 random bits in base64url.</summary>
    internal static string NewSecret() => "cf_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// What is stored and looked up in place of the secret. A plain SHA-256 is enough, and a slow hash would not help: there is nothing to guess in 256 random bits.
    /// </summary>
    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
