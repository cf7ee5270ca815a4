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

    /// <summary>Whether the body contains an expiry, including null.</summary>
    internal bool SetsExpiry { get; private init; }

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
    }
}
