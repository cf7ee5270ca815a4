using System.Diagnostics;

namespace CogniForge.AppHost.Tests;

/// <summary>Waits on conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer is right; fails with the last answer when that takes too long.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight, TimeSpan? timeout = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var watch = Stopwatch.StartNew();
        while (true)
        {
            object? last;
            try
            {
                var answer = await ask();
                if (isRight(answer))
                {
                    return answer;
                }

                last = answer;
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }

            Assert.True(watch.Elapsed < (timeout ?? _timeout), $"Still not after {watch.Elapsed.TotalSeconds:0} s: {last}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits for a condition.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan? timeout = null) => GetAsync(condition, isTrue => isTrue, timeout);
}
