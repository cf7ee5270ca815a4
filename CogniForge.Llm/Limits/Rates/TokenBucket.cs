namespace CogniForge.Llm.Limits.Rates;

/// <summary>
/// A limit per minute as a token bucket: it holds one minute's amount and refills evenly. Levels are in units of
/// 1/60,000, so that a limit of n per minute refills n units per millisecond. Not thread-safe. acquire.lua does the
/// same arithmetic.
/// </summary>
internal sealed class TokenBucket
{
    /// <summary>One request or token, as a level.</summary>
    public const double Unit = 60_000;

    private double? _level;
    private double _at;

    /// <summary>The level at a time.</summary>
    /// <param name="limit">The limit per minute.</param>
    /// <param name="now">Milliseconds; a time before the last one counts as the last one.</param>
    public double GetLevel(int limit, double now) =>
        _level is { } level ? Math.Min(limit * Unit, level + (Math.Max(0, now - _at) * limit)) : limit * Unit;

    /// <summary>Takes an amount, even below zero. A bucket that had no limit (0) is full when it gets one.</summary>
    /// <returns>The new level.</returns>
    public double Take(int limit, double now, double amount)
    {
        var level = GetLevel(limit, now) - (amount * Unit);
        (_level, _at) = (limit > 0 ? level : null, Math.Max(now, _at));
        return level;
    }

    /// <summary>Sets a level that is known from elsewhere; null: there is no limit.</summary>
    public void SetLevel(double? level, double now) => (_level, _at) = (level, now);

    /// <summary>Puts an amount back, or takes it where negative.</summary>
    public void Return(double amount) => _level += amount * Unit;
}
