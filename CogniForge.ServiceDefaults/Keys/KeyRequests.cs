using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Keys;

/// <summary>A request for a new key.</summary>
/// <param name="Name">What the key is for: 1 to 200 characters.</param>
/// <param name="Scopes">What it may do: at least one scope, all of them the caller's own.</param>
/// <param name="ExpiresAt">From when on it is refused; a moment in the future. Default: never.</param>
/// <param name="Limits">What it is limited to, where the service has limits (<c>llm</c>: as in <c>PUT …/keys/{id}/limits</c>). Default: nothing.</param>
public sealed record CreateKeyRequest(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt = null, JsonElement? Limits = null)
{
    /// <summary>The rules that the request breaks, but for those of the limits.</summary>
    internal IEnumerable<FieldError> Check(DateTimeOffset now)
    {
        if (!KeyRules.IsName(Name))
        {
            yield return KeyRules.BadName;
        }

        if (Scopes is not { Count: > 0 })
        {
            yield return new("scopes", "must name at least one scope");
        }

        for (var i = 0; i < (Scopes?.Count ?? 0); i++)
        {
            if (!Keys.Scopes.All.Contains(Scopes![i]))
            {
                yield return new($"scopes[{i}]", $"must be one of {string.Join(", ", Keys.Scopes.All)}");
            }
        }

        if (ExpiresAt <= now)
        {
            yield return KeyRules.BadExpiry;
        }
    }
}

/// <summary>A change of a key. What is not in the body stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChangeKeyRequest
{
    /// <summary>What the key is for: 1 to 200 characters.</summary>
    public string? Name { get; init => field = value ?? ""; } // a null in the body is no name; without one in the body, this is never called

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
        if (Name is not null && !KeyRules.IsName(Name))
        {
            yield return KeyRules.BadName;
        }

        if (ExpiresAt <= now)
        {
            yield return KeyRules.BadExpiry;
        }
    }
}

/// <summary>What holds for a key, whether it is made or changed.</summary>
file static class KeyRules
{
    public static FieldError BadName { get; } = new("name", "must have 1 to 200 characters, none of them U+0000");

    public static FieldError BadExpiry { get; } = new("expiresAt", "must be in the future");

    // Postgres' text has no place for U+0000.
    public static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= 200 && !name.Contains('\0');
}

/// <summary>A request for a new secret of a key.</summary>
/// <param name="GraceSeconds">For how long the old secret is still taken, in seconds, 0 to 604,800 (a week). Default: 0.</param>
public sealed record RotateKeyRequest(int? GraceSeconds = null)
{
    internal const int MaxGraceSeconds = 7 * 24 * 60 * 60;
}

/// <summary>A key with a new secret. This is the only time that the secret is shown.</summary>
/// <param name="Key">The secret, <c>cf_…</c>.</param>
/// <param name="Details">What is kept of the key.</param>
public sealed record CreatedKey(string Key, ApiKey Details);
