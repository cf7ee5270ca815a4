namespace CogniForge.Llm.Resilience;

/// <summary>What to do after an attempt failed.</summary>
internal abstract record RetryDecision
{
    /// <summary>Ask the same target again after a while.</summary>
    public sealed record Retry(TimeSpan Delay) : RetryDecision;

    /// <summary>Ask the next target, or give up when there is none.</summary>
    public sealed record FallBack : RetryDecision;

    /// <summary>Tell the client: it would be the same everywhere.</summary>
    public sealed record GiveUp : RetryDecision;
}
