namespace CogniForge.Llm.Limits.Rates;

/// <summary>The state of a limit per minute, as response headers give it.</summary>
/// <param name="Limit">The limit per minute.</param>
/// <param name="Remaining">What is left now, 0 or more.</param>
/// <param name="Reset">The time until the limit is whole again.</param>
internal readonly record struct RateLevel(int Limit, int Remaining, TimeSpan Reset)
{
    public static RateLevel Create(int limit, double level) =>
        new(limit, (int)Math.Max(0, Math.Floor(level / TokenBucket.Unit)), GetTimeUntil(limit, level, limit));

    /// <summary>The time until an amount is available.</summary>
    public static TimeSpan GetTimeUntil(int limit, double level, int needed) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(((needed * TokenBucket.Unit) - level) / limit)));
}
