namespace CogniForge.Llm.Limits.Rates;

/// <summary>Keeps limits per minute.</summary>
internal interface IRateLimiter
{
    /// <summary>Takes requests and tokens from the minute, all or nothing.</summary>
    ValueTask<RateResult> AcquireAsync(RateRequest request);

    /// <summary>
    /// Puts back what was acquired and not needed, or takes what was needed beyond it. Never fails or waits.
    /// </summary>
    void Return(string key, RateAmount amount);

    /// <summary>Puts back what was taken in advance and not used; called each second and at the end.</summary>
    Task MaintainAsync(DateTimeOffset now);
}
