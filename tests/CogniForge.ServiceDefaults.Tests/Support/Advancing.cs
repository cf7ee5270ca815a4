using System.Diagnostics;

namespace CogniForge.ServiceDefaults.Tests.Support;

internal static class Advancing
{
    // Only ends a hang.
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

    /// <summary>Advances a clock in small steps until a condition holds, for loops that wait repeatedly.</summary>
    /// <remarks>The pauses stay short, else the clock would fall behind the real one and real timeouts fire.</remarks>
    public static async Task AdvanceUntilAsync(
        this FakeTimeProvider time,
        TimeSpan step,
        Func<bool> condition,
        string what
    )
    {
        var watch = Stopwatch.StartNew();
        do
        {
            Assert.True(watch.Elapsed < _timeout, $"Waited {watch.Elapsed.TotalSeconds:0} s in vain: {what}");
            time.Advance(step);
            await Task.Delay(5);
        } while (!condition());
    }
}
