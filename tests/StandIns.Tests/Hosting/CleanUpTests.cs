using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Xunit.Abstractions;

namespace StandIns.Tests.Hosting;

/// <summary>However an AppHost ends, nothing of its run is left, while another one (here that of the collection) goes on.</summary>
[Collection(nameof(HostedApp))]
public sealed class CleanUpTests(HostedApp neighbour, ITestOutputHelper output)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    [StandInTheory("the processes are those that it starts.")]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    [InlineData("ABRT")]
    public async Task AppHost_HoweverItEnds_LeavesNothingBehind(string signal)
    {
        string[] neighbours = ["pg", "redis", "rabbit", "service"];
        foreach (var name in neighbours)
            await neighbour.Notifications.WaitForResourceHealthyAsync(name, HostedApp.Soon);
        var before = neighbours.Select(StartOf).ToArray();
        using var appHost = AppHostProcess.Start();
        await appHost.UpAsync();
        Assert.Single(appHost.RunFolders);

        var watch = Stopwatch.StartNew();
        appHost.Signal(signal);
        while (appHost.Left() is { Count: > 0 } left)
        {
            Assert.True(watch.Elapsed < _limit, $"Still there after {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", left)}");
            await Task.Delay(100);
        }

        output.WriteLine($"All gone after {watch.Elapsed.TotalSeconds:0.0} s.");
        Assert.Empty(appHost.RunFolders);
        Assert.Equal(before, neighbours.Select(StartOf));
    }

    private (string?, DateTime?) StartOf(string name) =>
        neighbour.Notifications.TryGetCurrentState(name, out var current) ? (current.Snapshot.State?.Text, current.Snapshot.StartTimeStamp) : default;
}
