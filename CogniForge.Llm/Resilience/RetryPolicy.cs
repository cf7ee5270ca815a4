namespace CogniForge.Llm.Resilience;

/// <summary>Decides on retries and fall-back; a pure function (rules: the retry guides of OpenAI, Anthropic and OpenRouter, as of 2026-11).</summary>
internal static class RetryPolicy
{
    /// <summary>The longest wait that a provider may ask for before the gateway rather gives up.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private const int AttemptsWithFallBack = 2;
    private const int AttemptsAlone = 3;
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Decides.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="attempts">How often this target was asked for this request, 1 or more.</param>
    /// <param name="hasOther">Whether another target is left.</param>
    /// <param name="remaining">What is left of the total time.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static RetryDecision Decide(
        ProviderError error,
        int attempts,
        bool hasOther,
        TimeSpan remaining,
        double jitter
    )
    {
        switch (error.Category)
        {
            case ErrorCategory.InvalidRequest or ErrorCategory.ContentFilter:
                return new RetryDecision.GiveUp();
            case ErrorCategory.ContextLength
            or ErrorCategory.Authentication
            or ErrorCategory.Billing
            or ErrorCategory.CircuitOpen:
            case ErrorCategory.Timeout: // whoever was silent once is silent twice
                return new RetryDecision.FallBack();
            case ErrorCategory.RateLimited when hasOther: // waiting helps nobody while somebody else can answer
                return new RetryDecision.FallBack();
        }

        if (attempts >= (hasOther ? AttemptsWithFallBack : AttemptsAlone))
        {
            return new RetryDecision.FallBack();
        }

        // Between a half and the whole of an exponential delay; a provider's own wish is a minimum.
        var delay = _firstDelay * Math.Pow(2, attempts - 1) * (0.5 + (jitter / 2));
        if (error.RetryAfter is { } wish)
        {
            delay = wish + (delay / 4);
            if (wish > MaxWait)
            {
                return new RetryDecision.FallBack();
            }
        }

        return delay < remaining ? new RetryDecision.Retry(delay) : new RetryDecision.FallBack();
    }
}
