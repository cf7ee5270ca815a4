using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>An API key as stored, without its secret.</summary>
/// <param name="Id">The key's id, UUID version 7.</param>
/// <param name="Name">The key's name, which says what it is for.</param>
/// <param name="Scopes">The scopes that it grants; see <see cref="CogniForge.ServiceDefaults.ApiKeys.Scopes"/>.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="ExpiresAt">When it expires, UTC; <see langword="null"/>: never.</param>
/// <param name="RevokedAt">When it was revoked, UTC; <see langword="null"/>: it is not revoked.</param>
public sealed record ApiKey(
    Guid Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt
)
{
    /// <summary>When it was disabled, UTC; <see langword="null"/>: it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The key's limits, in the service's own format; <see langword="null"/>: none.</summary>
    public JsonElement? Limits { get; init; }

    /// <summary>
    /// The addresses from which it is accepted, as CIDR ranges; <see langword="null"/>: all addresses.
    /// </summary>
    public IReadOnlyList<string>? AllowedAddresses { get; init; }

    /// <summary>Texts by name, e.g. of a team; <see langword="null"/>: none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The approximate size in JSON, in bytes: limits may list many routes.</summary>
    internal long Size =>
        3_000
        + (Limits is { } limits ? JsonMarshal.GetRawUtf8Value(limits).Length : 0)
        + (Metadata ?? new Dictionary<string, string>()).Sum(m => 6L * (m.Key.Length + m.Value.Length));

    /// <summary>The key in the audit.</summary>
    internal string Resource => $"keys/{Id}";

    /// <summary>Whether the key is accepted at a given time.</summary>
    /// <param name="now">The time.</param>
    public bool IsValidAt(DateTimeOffset now) =>
        RevokedAt is null && DisabledAt is null && (ExpiresAt is null || now < ExpiresAt);

    /// <summary>A new secret: <c>cf_</c> and 256 random bits in base64url.</summary>
    internal static string NewSecret() => "cf_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// The stored form of a secret. A fast hash is safe: 256 random bits cannot be guessed.
    /// </summary>
    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
