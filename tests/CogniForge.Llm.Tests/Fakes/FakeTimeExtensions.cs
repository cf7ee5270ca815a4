namespace CogniForge.Llm.Tests.Fakes;

internal static class FakeTimeExtensions
{
    /// <summary>Advances the clock until a task completes, slowly enough for all timers to fire.</summary>
    public static async Task RunAsync(this FakeTimeProvider time, Task task)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!task.IsCompleted)
        {
            Assert.False(bound.IsCancellationRequested, "The task did not complete within 60 s.");
            await Task.WhenAny(task, Task.Delay(5, CancellationToken.None));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
