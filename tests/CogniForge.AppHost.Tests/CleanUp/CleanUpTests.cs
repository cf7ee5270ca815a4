using System.Diagnostics;
using Xunit.Abstractions;

namespace CogniForge.AppHost.Tests.CleanUp;

/// <summary>No process of a run is left, in whatever way the AppHost ends.</summary>
[Trait("Category", "Servers")]
public sealed class CleanUpTests(ITestOutputHelper output)
{
    // It takes about ten seconds (docs/operations.md). The limit only ends a hang.
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
        await Eventually.TrueAsync(
            () => Task.FromResult(appHost.FindRemaining().Count == 0),
            _limit,
            () => $"Still there: {string.Join("\n", appHost.FindRemaining())}"
        );

        output.WriteLine($"All gone after {watch.Elapsed.TotalSeconds:0.0} s.");
    }
}
