using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>A request for a new key.</summary>
/// <param name="Name">What the key is for: 1 to 200 characters.</param>
/// <param name="Scopes">What it may do: at least one scope, all of them the caller's own.</param>
/// <param name="ExpiresAt">From when on it is refused; a moment in the future. Default: never.</param>
/// <param name="Limits">What it is limited to, where the service has limits (<c>llm</c>: as in <c>PUT …/keys/{id}/limits</c>). Default: nothing.</param>
public sealed record CreateKeyRequest(
    string? Name,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset? ExpiresAt = null,
    JsonElement? Limits = null
)
{
    /// <summary>The rules that the request breaks, but for those of the limits.</summary>
    internal IEnumerable<FieldError> Check(DateTimeOffset now)
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
    }
}
