using System.Text.Json.Serialization;
using CogniForge.Llm.Limits.Rates;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>What all requests of a route together are limited to.</summary>
/// <param name="RequestsPerMinute">The most requests a minute, 1 to 1,000,000. Default: not limited.</param>
/// <param name="TokensPerMinute">The most tokens a minute, input and output together, 1 to 1,000,000,000. Default: not limited.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RateLimitsConfig(int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    /// <summary>The document of a route's limits.</summary>
    public static RateLimitsConfig? From(RateLimits? limits) =>
        limits is null ? null : new(limits.RequestsPerMinute, limits.TokensPerMinute);

    /// <summary>The rules that the limits break.</summary>
    public IEnumerable<FieldError> Validate() =>
        new RateLimits(RequestsPerMinute, TokensPerMinute)
            .Validate()
            .Select(b => new FieldError($"limits.{b.Field}", b.Rule));

    /// <summary>The limits; null: there is none.</summary>
    public RateLimits? ToLimits() =>
        this is { RequestsPerMinute: null, TokensPerMinute: null } ? null : new(RequestsPerMinute, TokensPerMinute);
}
