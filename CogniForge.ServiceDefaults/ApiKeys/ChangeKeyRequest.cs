using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A change of a key. What is not in the body stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChangeKeyRequest
{
    /// <summary>What the key is for: 1 to 200 characters.</summary>
    public string? Name
    {
        get;
        init => field = value ?? "";
    } // a null in the body is no name; without one in the body, this is never called

    /// <summary>From when on it is refused; a moment in the future, or <see langword="null"/>: never. Takes a caller who has the key's scopes.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get;
        init
        {
            field = value;
            SetsExpiry = true;
        }
    }

    /// <summary>Whether the body has an expiry, be it null.</summary>
    internal bool SetsExpiry { get; private init; }

    /// <summary>The rules that the request breaks.</summary>
    internal IEnumerable<FieldError> Check(DateTimeOffset now)
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
