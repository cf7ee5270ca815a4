using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit.Abstractions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A service with two replicas continues when one of them is killed.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ReplicaTests(ReplicatedSystem system, ITestOutputHelper output)
    : TrafficTests(system, output),
        IClassFixture<ReplicatedSystem>
{
    [Fact]
    public async Task Analytics_OneOfTwoReplicasKilled_LosesNothing()
    {
        using var traffic = await StartAsync("outage-replica");
        var running = traffic.RunAsync(Length);

        await traffic.ReachedAsync(OutageStart);
        await Until.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", Healing);
        var memory = await MemoryAsync();
        using var timeout = new CancellationTokenSource(Healing);
        var down = System.App.ResourceNotifications.WaitForResourceAsync(
            "analytics",
            e => e.Snapshot.HealthStatus is not HealthStatus.Healthy,
            timeout.Token
        );
        await KillAsync("analytics");
        var before = traffic.Events.Count;
        await Until.TrueAsync(() => traffic.Events.Count > before + 100, "events flow");

        // The dashboard shows the failed replica; an operator starts it while the other one serves.
        var victim = (await down).ResourceId;
        await System.App.ResourceNotifications.WaitForResourceAsync(
            "analytics",
            e => e.ResourceId == victim && KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
            timeout.Token
        );
        await CommandAsync(victim, KnownResourceCommands.StartCommand);
        await System.App.ResourceNotifications.WaitForResourceAsync(
            "analytics",
            e => e.ResourceId == victim && e.Snapshot.HealthStatus is HealthStatus.Healthy,
            timeout.Token
        );
        await running;

        await Until.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", Healing);
        AssertResponses(traffic, "analytics");
        Assert.Equal((PerService, PerService), (traffic.Completions.Count, traffic.Inferences));
        await AssertStoredOnceAsync(traffic, "outage-replica");
        await AssertMemoryIsFlatAsync(memory);
    }
}
