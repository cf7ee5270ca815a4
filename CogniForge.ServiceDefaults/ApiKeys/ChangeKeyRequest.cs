using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A change of a key. Fields not in the body stay unchanged.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChangeKeyRequest
{
    /// <summary>The key's name, which says what it is for: 1 to 200 characters.</summary>
    public string? Name
    {
        get;

        // An explicit null is an invalid name; JSON without a name never calls this.
        init => field = value ?? "";
    }

    /// <summary>
    /// When the key expires: a future time, or <see langword="null"/> for never. The caller must have the key's scopes.
    /// </summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init
        {
            field = value;
            SetsExpiry = true;
        }
    }

    /// <summary>
    /// The addresses from which the key is accepted: 1 to 50 IPv4 or IPv6 addresses or CIDR ranges, or
    /// <see langword="null"/> for all.
    /// </summary>
    public IReadOnlyList<string>? AllowedAddresses
    {
        get;
        init
        {
            field = value;
            SetsAddresses = true;
        }
    }

    /// <summary>
    /// Up to 16 texts of up to 512 characters under names of 1 to 64 characters, or <see langword="null"/> for none.
    /// Replaces all of the key's metadata.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Metadata
    {
        get;
        init
        {
            field = value;
            SetsMetadata = true;
        }
    }

    /// <summary>Whether the body contains an expiry, including null.</summary>
    internal bool SetsExpiry { get; private init; }

    /// <summary>Whether the body contains allowed addresses, including null.</summary>
    internal bool SetsAddresses { get; private init; }

    /// <summary>Whether the body contains metadata, including null.</summary>
    internal bool SetsMetadata { get; private init; }

    internal ApiKey Apply(ApiKey key) =>
        key with
        {
            Name = Name?.Trim() ?? key.Name,
            ExpiresAt = SetsExpiry ? ExpiresAt?.ToUniversalTime() : key.ExpiresAt,
            AllowedAddresses = SetsAddresses ? AddressRanges.Normalize(AllowedAddresses) : key.AllowedAddresses,
            Metadata = SetsMetadata ? KeyMetadata.Normalize(Metadata) : key.Metadata,
        };

    internal IEnumerable<FieldError> Validate(DateTimeOffset now)
    {
        if (Name is not null && !ApiKeyRules.IsName(Name))
        {
            yield return ApiKeyRules.BadName;
        }

        if (ExpiresAt <= now)
        {
            yield return ApiKeyRules.BadExpiry;
        }

        foreach (var error in AddressRanges.Validate(AllowedAddresses).Concat(KeyMetadata.Validate(Metadata)))
        {
            yield return error;
        }
    }
}
