namespace CogniForge.Tests;

/// <summary>The start time of test clocks.</summary>
internal static class TestTime
{
    /// <summary>Noon of a Sunday, the first day of a month.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
}
