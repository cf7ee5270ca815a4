namespace CogniForge.Llm.Limits;

/// <summary>
/// A limit per minute as a token bucket: it holds a minute's worth, and fills up evenly. Levels are in sixty-thousandths, in which a limit of n a minute fills by n a millisecond.
/// Not thread-safe. The script of the Redis adapter does the same arithmetic, in doubles as here.
/// </summary>
internal sealed class TokenBucket
{
    /// <summary>One request or token, as a level.</summary>
    public const double Unit = 60_000;

    private double? _level;
    private double _at;

    /// <summary>The level at a moment.</summary>
    /// <param name="limit">The limit per minute.</param>
    /// <param name="now">The moment, in milliseconds; one that lies before the last is the last.</param>
    public double Level(int limit, double now) =>
        _level is { } level ? Math.Min(limit * Unit, level + (Math.Max(0, now - _at) * limit)) : limit * Unit;

    /// <summary>Takes from the bucket, into debt if need be; one without a limit is full when it gets one.</summary>
    /// <returns>The level.</returns>
    public double Take(int limit, double now, double amount)
    {
        var level = Level(limit, now) - (amount * Unit);
        (_level, _at) = (limit > 0 ? level : null, Math.Max(now, _at));
        return level;
    }

    /// <summary>Begins with a level that is known from elsewhere.</summary>
    public void Restore(double level, double now) => (_level, _at) = (level, now);

    /// <summary>Takes, or puts back, what was not known when it was taken from.</summary>
    public void Correct(double amount) => _level -= amount * Unit;
}
