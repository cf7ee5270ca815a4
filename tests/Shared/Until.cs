namespace CogniForge.Tests;

/// <summary>Waits for what happens a moment later.</summary>
public static class Until
{
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> actual)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var last = await actual();
        while (!Equals(expected, last) && !timeout.IsCancellationRequested)
        {
            await Task.Delay(10, CancellationToken.None);
            last = await actual();
        }

        Assert.Equal(expected, last);
    }
}
