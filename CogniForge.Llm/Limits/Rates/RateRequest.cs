namespace CogniForge.Llm.Limits.Rates;

/// <summary>A request's need of a limit per minute.</summary>
/// <param name="Key">The key's id, or <c>route:</c> and the route's name.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Amount">What it needs; nothing: only the levels are read.</param>
/// <param name="At">The time.</param>
internal readonly record struct RateRequest(string Key, RateLimits Limits, RateAmount Amount, DateTimeOffset At)
{
    /// <summary>Its need of those limits that exist.</summary>
    public RateAmount Needed =>
        new(
            Limits.RequestsPerMinute is null ? 0 : Amount.Requests,
            Limits.TokensPerMinute is null ? 0 : Amount.Tokens
        );
}
