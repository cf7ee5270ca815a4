using System.Diagnostics;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>Waits for what a user would wait for, and says what it was when that never comes.</summary>
internal static class Until
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < _timeout, $"Waited {_timeout.TotalSeconds:0} s in vain: {what}.");
            await Task.Delay(10);
        }
    }
}
