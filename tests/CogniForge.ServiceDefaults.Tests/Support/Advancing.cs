namespace CogniForge.ServiceDefaults.Tests.Support;

internal static class Advancing
{
    /// <summary>Moves a clock on in small steps until a condition holds: for loops that wait, work and wait again.</summary>
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
