using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Refuses changes by which a caller would get, through any key, more than its own key gives.</summary>
internal static class KeyGrants
{
    /// <summary>Refuses callers that lack any of a key's scopes.</summary>
    public static ProblemHttpResult? RequireScopes(Caller caller, IEnumerable<string> scopes) =>
        scopes.Except(caller.Scopes).ToList() is { Count: > 0 } missing
            ? Refuse($"The caller lacks scopes of the key: {string.Join(", ", missing)}.")
            : null;

    /// <summary>Refuses callers whose key is in any way narrower than a key that they create or change.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="key">The key as it will be.</param>
    public static ProblemHttpResult? Require(Caller caller, ApiKey key)
    {
        if (RequireScopes(caller, key.Scopes) is { } refusal)
        {
            return refusal;
        }

        if (key.Id.ToString() != caller.Id && RequireUnlimited(caller) is { } limited)
        {
            return limited;
        }

        if (caller.ExpiresAt is { } end && (key.ExpiresAt is null || key.ExpiresAt > end))
        {
            return Refuse($"The caller's key expires at {end:O}; keys that it creates or changes must not outlive it.");
        }

        return caller.AllowedAddresses is { } own
            && AddressRanges.Parse(key.AllowedAddresses)?.All(r => AddressRanges.Contain(own, r)) != true
            ? Refuse("The caller's key is restricted to addresses; allowedAddresses must be within them.")
            : null;
    }

    /// <summary>Refuses callers whose key has limits: another key, or other limits, would lift them.</summary>
    public static ProblemHttpResult? RequireUnlimited(Caller caller) =>
        caller.IsLimited ? Refuse("The caller's key has limits, so it cannot create other keys or set limits.") : null;

    private static ProblemHttpResult Refuse(string detail) => Problems.Create(StatusCodes.Status403Forbidden, detail);
}
