using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A request for a new key.</summary>
/// <param name="Name">The key's name, which says what it is for: 1 to 200 characters.</param>
/// <param name="Scopes">The scopes that the key grants: at least one, all of which the caller must have.</param>
/// <param name="ExpiresAt">When the key expires: a future time. Default: never.</param>
/// <param name="Limits">
/// The key's limits, at services that have limits (<c>llm</c>: as in <c>PUT …/keys/{id}/limits</c>). Default: none.
/// </param>
/// <param name="AllowedAddresses">
/// The addresses from which the key is accepted: 1 to 50 IPv4 or IPv6 addresses or CIDR ranges. Default: all.
/// </param>
/// <param name="Metadata">
/// Up to 16 texts of up to 512 characters under names of 1 to 64 characters, e.g. of a team; at <c>llm</c>, the request
/// log has them with each request. Default: none.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateKeyRequest(
    string? Name,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset? ExpiresAt = null,
    JsonElement? Limits = null,
    IReadOnlyList<string>? AllowedAddresses = null,
    IReadOnlyDictionary<string, string?>? Metadata = null
)
{
    /// <summary>Validates all fields except the limits.</summary>
    internal IEnumerable<FieldError> Validate(DateTimeOffset now)
    {
        if (!ApiKeyRules.IsName(Name))
        {
            yield return ApiKeyRules.BadName;
        }

        if (Scopes is not { Count: > 0 })
        {
            yield return new("scopes", "must name at least one scope");
        }

        for (var i = 0; i < (Scopes?.Count ?? 0); i++)
        {
            if (!CogniForge.ServiceDefaults.ApiKeys.Scopes.All.Contains(Scopes![i]))
            {
                yield return new(
                    $"scopes[{i}]",
                    $"must be one of {string.Join(", ", CogniForge.ServiceDefaults.ApiKeys.Scopes.All)}"
                );
            }
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
