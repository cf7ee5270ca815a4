using System.Diagnostics;
using Xunit.Abstractions;

namespace CogniForge.AppHost.Tests.CleanUp;

/// <summary>No process remains, however the AppHost ends.</summary>
[Trait("Category", "Servers")]
public sealed class CleanUpTests(ITestOutputHelper output)
{
    // Clean-up takes about ten seconds (docs/operations/running.md). The limit only stops a hanging test.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(100);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    [InlineData("ABRT")]
    public async Task AppHost_Ended_LeavesNoProcess(string signal)
    {
        using var appHost = AppHostProcess.Start();
        await appHost.WaitUntilUpAsync();

        var watch = Stopwatch.StartNew();
        appHost.Signal(signal);
        await Until.EqualAsync("", () => Task.FromResult(string.Join("\n", appHost.FindRemaining())), _limit);

        output.WriteLine($"All gone after {watch.Elapsed.TotalSeconds:0.0} s.");
    }
}
