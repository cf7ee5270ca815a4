using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.AppHost.Tests;

/// <summary>A service in two replicas goes on when one of them is killed.</summary>
public sealed class ReplicaTests(ReplicatedSystem system) : TrafficTests(system), IClassFixture<ReplicatedSystem>
{
    [Fact]
    public async Task Analytics_OneOfTwoReplicasKilled_LosesNothing()
    {
        using var traffic = await StartAsync("outage-replica");
        var running = traffic.RunAsync(Length);

        await traffic.ReachedAsync(OutageStart);
        await KillAsync("analytics");
        var before = traffic.Events.Count;
        await Eventually.TrueAsync(() => Task.FromResult(traffic.Events.Count > before + 100));
        await running;

        await Eventually.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", Healing);
        Assert.DoesNotContain(traffic.Faults, f => f.Service != "analytics" || !f.Fault.StartsWith("no answer: ", StringComparison.Ordinal));
        await AssertStoredOnceAsync(traffic, "outage-replica");
    }
}

/// <summary>A system with two replicas of analytics.</summary>
public sealed class ReplicatedSystem() : RunningSystem("Development")
{
    /// <inheritdoc/>
    protected override void Configure(IDistributedApplicationTestingBuilder builder) =>
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "analytics")).WithReplicas(2);
}
