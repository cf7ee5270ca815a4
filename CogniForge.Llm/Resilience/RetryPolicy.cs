namespace CogniForge.Llm.Resilience;

/// <summary>
/// Decides on retries and fallbacks; a pure function. Source: the retry guides of OpenAI, Anthropic and OpenRouter
/// (2026-11).
/// </summary>
internal static class RetryPolicy
{
    /// <summary>The longest <c>Retry-After</c> for which the gateway waits.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private const int MaxAttemptsWithFallback = 2;
    private const int MaxAttempts = 3;
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(300);

    /// <param name="error">The error of the attempt.</param>
    /// <param name="hasBegun">Whether the client has received a part of the response.</param>
    /// <param name="attempts">The number of attempts at this target for this request, 1 or more.</param>
    /// <param name="hasOther">Whether there is another target.</param>
    /// <param name="remaining">The remaining time until the total timeout.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static RetryDecision Decide(
        ProviderError error,
        bool hasBegun,
        int attempts,
        bool hasOther,
        TimeSpan remaining,
        double jitter
    )
    {
        if (hasBegun)
        {
            return new RetryDecision.GiveUp(); // no other response continues a partial one
        }

        switch (error.Category)
        {
            case ErrorCategory.InvalidRequest or ErrorCategory.ContentFilter:
                return new RetryDecision.GiveUp();
            case ErrorCategory.ContextLength
            or ErrorCategory.ModelNotFound
            or ErrorCategory.RequestTooLarge
            or ErrorCategory.Authentication
            or ErrorCategory.Billing
            or ErrorCategory.CircuitOpen:
            case ErrorCategory.Timeout: // a retry would most likely time out again
            case ErrorCategory.Network or ErrorCategory.InvalidResponse when !error.CanRetry:
                return new RetryDecision.Fallback();
            case ErrorCategory.RateLimited when hasOther: // the next target responds sooner
                return new RetryDecision.Fallback();
        }

        if (attempts >= (hasOther ? MaxAttemptsWithFallback : MaxAttempts))
        {
            return new RetryDecision.Fallback();
        }

        // Exponential backoff with 50 % jitter; the provider's Retry-After is the minimum.
        var delay = _firstDelay * Math.Pow(2, attempts - 1) * (0.5 + (jitter / 2));
        if (error.RetryAfter is { } retryAfter)
        {
            delay = retryAfter + (delay / 4);
            if (retryAfter > MaxWait)
            {
                return new RetryDecision.Fallback();
            }
        }

        return delay < remaining ? new RetryDecision.Retry(delay) : new RetryDecision.Fallback();
    }
}
