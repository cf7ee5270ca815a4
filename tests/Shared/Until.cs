using System.Diagnostics;

namespace CogniForge.Tests;

/// <summary>Polls for a condition and fails with the last value after the timeout.</summary>
public static class Until
{
    // Only ends a hang: ten times what a busy machine needs.
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

    public static Task TrueAsync(Func<bool> condition, string what) =>
        TrueAsync(() => Task.FromResult(condition()), what);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null) =>
        EqualAsync(null, async () => await condition() ? null : what, timeout);

    public static Task EqualAsync<T>(T expected, Func<Task<T>> get, TimeSpan? timeout = null) =>
        GetAsync(get, value => Equals(expected, value), timeout);

    /// <summary>Gets a value repeatedly until it is as expected. An HTTP request may fail meanwhile.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> get, Func<T, bool> isExpected, TimeSpan? timeout = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            object? last;
            try
            {
                var value = await get();
                if (isExpected(value))
                {
                    return value;
                }

                last = value;
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }

            Assert.True(
                watch.Elapsed < (timeout ?? _timeout),
                $"Waited {watch.Elapsed.TotalSeconds:0} s in vain: {last}"
            );

            // Short waits end quickly, long ones do not load the machine.
            await Task.Delay((int)Math.Clamp(watch.ElapsedMilliseconds / 10, 10, 100));
        }
    }
}
