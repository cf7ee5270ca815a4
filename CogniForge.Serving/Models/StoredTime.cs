namespace CogniForge.Serving.Models;

/// <summary>Times as Postgres stores them.</summary>
internal static class StoredTime
{
    /// <summary>The time in UTC, truncated to the microsecond, the precision of Postgres.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) =>
        time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
