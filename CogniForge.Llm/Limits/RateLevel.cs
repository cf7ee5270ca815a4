namespace CogniForge.Llm.Limits;

/// <summary>How much of a limit is left, as clients are told.</summary>
/// <param name="Limit">The limit per minute.</param>
/// <param name="Remaining">What is left now, 0 or more.</param>
/// <param name="Reset">How long until all of it is there again.</param>
internal readonly record struct RateLevel(int Limit, int Remaining, TimeSpan Reset)
{
    /// <summary>Reads a level.</summary>
    public static RateLevel Create(int limit, double level) =>
        new(limit, (int)Math.Max(0, Math.Floor(level / TokenBucket.Unit)), After(limit, level, limit));

    /// <summary>How long until so much is there.</summary>
    public static TimeSpan After(int limit, double level, int needed) =>
        TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(((needed * TokenBucket.Unit) - level) / limit)));
}
