using System.Net;
using System.Security.Claims;
using System.Text.Json.Serialization;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>The caller of a request, identified by its API key.</summary>
/// <param name="Id">
/// The key's id; <c>root</c>, <c>service</c> or <c>development</c> for keys from configuration.
/// </param>
/// <param name="Name">The key's name.</param>
/// <param name="Scopes">The scopes that the key grants.</param>
/// <param name="ExpiresAt">When the key expires, UTC; <see langword="null"/>: never.</param>
public sealed record Caller(string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    /// <summary>
    /// The key's limits, of the type registered by <see cref="KeyLimitsExtensions.AddKeyLimits{T}"/>;
    /// <see langword="null"/>: none.
    /// </summary>
    [JsonIgnore]
    public object? Limits { get; init; }

    /// <summary>The key's metadata; <see langword="null"/>: none.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether any limit is set.</summary>
    internal bool IsLimited { get; private init; }

    /// <summary>The ranges of addresses from which the key is accepted; null: all.</summary>
    internal IReadOnlyList<IPNetwork>? AllowedAddresses { get; private init; }

    /// <summary>The caller of an authenticated request.</summary>
    /// <param name="user">The request's principal.</param>
    public static Caller From(ClaimsPrincipal user) => (user.Identity as Identity)?.Caller ?? new("", "", [], null);

    internal static Caller OfKey(ApiKey key, IKeyLimits? limits) =>
        new(key.Id.ToString(), key.Name, key.Scopes, key.ExpiresAt)
        {
            Limits = key.Limits is { } document ? limits?.Read(document) : null,
            IsLimited = key.Limits?.EnumerateObject().Any() == true,
            AllowedAddresses = AddressRanges.Parse(key.AllowedAddresses),
            Metadata = key.Metadata,
        };

    /// <summary>Whether the key is accepted from an address; an unknown one is in no range.</summary>
    internal bool IsAllowedFrom(IPAddress? address) =>
        AllowedAddresses is null || (address is not null && AllowedAddresses.Any(r => r.Contains(address)));

    internal ClaimsPrincipal ToPrincipal(string authenticationType) => new(new Identity(this, authenticationType));

    private sealed class Identity(Caller caller, string authenticationType)
        : ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, caller.Id),
                new(ClaimTypes.Name, caller.Name),
                .. caller.Scopes.Select(s => new Claim("scope", s)),
            ],
            authenticationType
        )
    {
        public Caller Caller => caller;
    }
}
