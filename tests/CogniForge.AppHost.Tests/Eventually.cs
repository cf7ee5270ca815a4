using System.Diagnostics;

namespace CogniForge.AppHost.Tests;

/// <summary>Waits on conditions.</summary>
internal static class Eventually
{
    // Ends a hang: ten times what is needed on a busy machine.
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

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
                var response = await ask();
                if (isRight(response))
                {
                    return response;
                }

                last = response;
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }

            Assert.True(
                watch.Elapsed < (timeout ?? _timeout),
                $"Still not after {watch.Elapsed.TotalSeconds:0} s: {last}"
            );
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits for a condition; fails with the description when that takes too long.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        TimeSpan? timeout = null,
        Func<string>? describe = null
    ) =>
        await GetAsync(
            async () => await condition() ? null : describe?.Invoke() ?? "false",
            failure => failure is null,
            timeout
        );
}
