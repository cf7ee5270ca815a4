using System.Text.Json.Serialization;
using CogniForge.Llm.Limits.Rates;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>The rate limits that all requests of a route share.</summary>
/// <param name="RequestsPerMinute">The maximum requests per minute, 1 to 1,000,000. Default: no limit.</param>
/// <param name="TokensPerMinute">
/// The maximum tokens per minute, input plus output, 1 to 1,000,000,000. Default: no limit.
/// </param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RateLimitsConfig(int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    public static RateLimitsConfig? From(RateLimits? limits) =>
        limits is null ? null : new(limits.RequestsPerMinute, limits.TokensPerMinute);

    public IEnumerable<FieldError> Validate() =>
        new RateLimits(RequestsPerMinute, TokensPerMinute)
            .Validate()
            .Select(e => e with { Path = $"limits.{e.Path}" });

    /// <summary>Converts the valid model; null: no limit is set.</summary>
    public RateLimits? ToLimits() =>
        this is { RequestsPerMinute: null, TokensPerMinute: null } ? null : new(RequestsPerMinute, TokensPerMinute);
}
