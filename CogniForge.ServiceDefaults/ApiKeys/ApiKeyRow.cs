using System.Text.Json;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A row of <c>api_key</c>. Dapper reads any array as an Array, and timestamptz as a UTC DateTime.</summary>
internal record ApiKeyRow(
    Guid Id,
    string Name,
    Array Scopes,
    DateTime Created_At,
    DateTime? Expires_At,
    DateTime? Revoked_At,
    DateTime? Disabled_At,
    string? Limits,
    Array? Allowed_Addresses,
    string? Metadata
)
{
    public ApiKey ToKey() =>
        new(Id, Name, (string[])Scopes, Created_At, Expires_At, Revoked_At)
        {
            DisabledAt = Disabled_At,
            Limits = Limits is null ? null : JsonSerializer.Deserialize<JsonElement>(Limits),
            AllowedAddresses = (string[]?)Allowed_Addresses,
            Metadata = Metadata is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(Metadata),
        };
}
