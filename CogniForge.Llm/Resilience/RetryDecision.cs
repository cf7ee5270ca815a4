namespace CogniForge.Llm.Resilience;

/// <summary>The decision after a failed attempt.</summary>
internal abstract record RetryDecision
{
    /// <summary>Call the same target again after a delay.</summary>
    public sealed record Retry(TimeSpan Delay) : RetryDecision;

    /// <summary>Call the next target, or give up if there is none.</summary>
    public sealed record Fallback : RetryDecision;

    /// <summary>Return the error to the client: no further attempt can help.</summary>
    public sealed record GiveUp : RetryDecision;
}
