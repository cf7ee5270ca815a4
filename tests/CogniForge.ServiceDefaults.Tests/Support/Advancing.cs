namespace CogniForge.ServiceDefaults.Tests.Support;

internal static class Advancing
{
    /// <summary>Advances a clock in small steps until a condition holds, for loops that wait repeatedly.</summary>
    public static Task AdvanceUntilAsync(
        this FakeTimeProvider time,
        TimeSpan step,
        Func<bool> condition,
        string what
    ) =>
        Until.TrueAsync(
            () =>
            {
                time.Advance(step);
                return condition();
            },
            what
        );
}
