namespace CogniForge.Llm.Tests.Fakes;

internal static class Clock
{
    /// <summary>Lets the clock run until a task is done, slowly enough for everybody who waits to keep up.</summary>
    public static async Task RunAsync(this FakeTimeProvider time, Task task)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!task.IsCompleted)
        {
            Assert.False(bound.IsCancellationRequested, "It hangs.");
            await Task.WhenAny(task, Task.Delay(5, CancellationToken.None));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
