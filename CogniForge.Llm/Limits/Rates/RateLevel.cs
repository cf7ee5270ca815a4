namespace CogniForge.Llm.Limits.Rates;

/// <summary>The state of a limit per minute.</summary>
/// <param name="Limit">The limit per minute.</param>
/// <param name="Level">What is left, as <see cref="TokenBucket"/> counts it; negative after an underestimate.</param>
internal readonly record struct RateLevel(int Limit, double Level)
{
    /// <summary>What is left, 0 or more.</summary>
    public int Remaining => (int)Math.Max(0, Math.Floor(Level / TokenBucket.Unit));

    /// <summary>The time until the limit is whole again.</summary>
    public TimeSpan Reset => GetTimeUntil(Limit);

    /// <summary>The time until an amount is available.</summary>
    public TimeSpan GetTimeUntil(int needed) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(((needed * TokenBucket.Unit) - Level) / Limit)));
}
