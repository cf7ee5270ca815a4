using Aspire.Hosting.ApplicationModel;
using Xunit.Abstractions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>Each server stops and restarts under steady traffic.</summary>
/// <remarks>No acknowledged request is lost or counted twice, no request hangs, and the system recovers.</remarks>
[Collection(TrafficCollection.Name)]
public sealed class OutageTests(OutageSystem system, ITestOutputHelper output)
    : TrafficTests(system, output),
        IClassFixture<OutageSystem>
{
    [Theory]
    [InlineData("messaging")]
    [InlineData("postgres")]
    [InlineData("cache")]
    public async Task Server_StoppedTenSeconds_LosesNothing(string server)
    {
        using var traffic = await StartAsync($"outage-{server}");
        var running = traffic.RunAsync(Length);

        await traffic.ReachedAsync(OutageStart);
        var memory = await MemoryAsync();
        await CommandAsync(server, "stop");
        await Task.WhenAll(
            Services.Select(s =>
                Until.GetAsync(() => HealthAsync(s), health => health is "Degraded" or "Unhealthy")
            )
        );
        if (server == "messaging")
        {
            var replay = await System.App.ResourceCommands.ExecuteCommandAsync("analytics", "replay-dead-letters");
            Assert.Equal(
                (false, "A database, Redis or RabbitMQ is unavailable; try again shortly. (503)"),
                (replay.Success, replay.Message)
            );
        }

        await traffic.ReachedAsync(OutageEnd);
        await CommandAsync(server, "start");
        await running;

        await Task.WhenAll(
            Services.Select(s => Until.GetAsync(() => HealthAsync(s), health => health == "Healthy", Healing))
        );
        AssertResponses(traffic);

        // The gateway and the models respond during every outage; only event ingestion needs the broker.
        Assert.Equal((PerService, PerService), (traffic.Completions.Count, traffic.Inferences));
        Assert.Equal(PerService, traffic.Events.Count + traffic.Unavailable.Count);
        Assert.Equal(server == "messaging", !traffic.Unavailable.IsEmpty);
        await AssertStoredOnceAsync(traffic, $"outage-{server}");
        await AssertMemoryIsFlatAsync(memory);
    }

    [Fact]
    public async Task Analytics_KilledAndStarted_LosesNothing()
    {
        using var traffic = await StartAsync("outage-kill");
        var running = traffic.RunAsync(Length);

        await traffic.ReachedAsync(OutageStart);
        await Until.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", Healing);
        var memory = await MemoryAsync();
        await KillAsync("analytics");
        await Until.GetAsync(() => HealthAsync("analytics"), health => health == "unreachable");
        await traffic.ReachedAsync(OutageEnd);
        await System.App.ResourceNotifications.WaitForResourceAsync(
            "analytics",
            KnownResourceStates.TerminalStates.OfType<string>()
        );
        await CommandAsync("analytics", "start");
        await running;

        await Until.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", Healing);
        AssertResponses(traffic, "analytics");
        Assert.Equal((PerService, PerService), (traffic.Completions.Count, traffic.Inferences));
        await AssertStoredOnceAsync(traffic, "outage-kill");
        await AssertMemoryIsFlatAsync(memory);
    }
}
