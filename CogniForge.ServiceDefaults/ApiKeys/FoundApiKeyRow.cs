namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A row of <c>api_key</c> with the hash by which it was found.</summary>
internal sealed record FoundApiKeyRow(
    Guid Id,
    string Name,
    Array Scopes,
    DateTime Created_At,
    DateTime? Expires_At,
    DateTime? Revoked_At,
    DateTime? Disabled_At,
    string? Limits,
    Array? Allowed_Addresses,
    string? Metadata,
    byte[] Found
)
    : ApiKeyRow(
        Id,
        Name,
        Scopes,
        Created_At,
        Expires_At,
        Revoked_At,
        Disabled_At,
        Limits,
        Allowed_Addresses,
        Metadata
    );
