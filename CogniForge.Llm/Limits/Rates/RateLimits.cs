using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits.Rates;

/// <summary>Limits per minute, over all requests of a key or route. A limit that is not set does not apply.</summary>
/// <param name="RequestsPerMinute">The most requests a minute, 1 to 1,000,000.</param>
/// <param name="TokensPerMinute">The most tokens a minute, input and output together, 1 to 1,000,000,000.</param>
internal sealed record RateLimits(int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    private const int MaxRequests = 1_000_000;
    private const int MaxTokens = 1_000_000_000;

    /// <summary>The fields that break a rule, each with the rule.</summary>
    public IEnumerable<FieldError> Validate()
    {
        if (RequestsPerMinute is < 1 or > MaxRequests)
        {
            yield return new("requestsPerMinute", $"must be 1 to {MaxRequests}");
        }

        if (TokensPerMinute is < 1 or > MaxTokens)
        {
            yield return new("tokensPerMinute", $"must be 1 to {MaxTokens}");
        }
    }
}
