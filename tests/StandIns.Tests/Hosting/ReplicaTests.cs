using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace StandIns.Tests.Hosting;

public sealed class ReplicaTests
{
    [StandInFact("The real orchestrator does not start a replica again by itself.")]
    public async Task Replica_Killed_IsReplacedWhileTheOtherAnswers()
    {
        var builder = await HostedApp.CreateBuilderAsync();
        builder.AddProject<Projects.CogniForge_Llm>("service").WithReplicas(2).WithHttpHealthCheck("/health");
        await using var app = await builder.BuildAsync();
        await app.StartAsync(HostedApp.Soon);
        var ids = await RunningAsync(app, count: 2);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", HostedApp.Soon);
        using var client = app.CreateHttpClient("service");
        client.DefaultRequestHeaders.ConnectionClose = true;

        // A process runs before it listens, and one that listens makes the resource healthy: both have to before one may go.
        var (answering, soon) = (new HashSet<int>(), HostedApp.Soon);
        while (answering.Count < 2)
            answering.Add((await client.GetFromJsonAsync<JsonElement>("/health/details", soon)).GetProperty("processId").GetInt32());

        var victim = ids[0];
        var suffix = victim[(victim.LastIndexOf('-') + 1)..];
        // On the real orchestrator the service is a child of `dotnet run`, which has the same environment.
        foreach (var id in new MarkedProcesses("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={suffix}").Find("CogniForge.Llm"))
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }

        var ended = await app.ResourceNotifications.WaitForResourceAsync("service", e => e.ResourceId == victim && e.Snapshot.ExitCode is not null, HostedApp.Soon);
        Assert.Equal(137, ended.Snapshot.ExitCode);
        for (var i = 0; i < 4; i++)
            Assert.True((await client.GetAsync("/health")).IsSuccessStatusCode);

        await RunningAsync(app, count: 2);
        await app.ResourceNotifications.WaitForResourceAsync("service", e => e.ResourceId == victim && e.Snapshot.HealthStatus is not null && e.Snapshot.ExitCode is null, HostedApp.Soon);
    }

    private static async Task<string[]> RunningAsync(DistributedApplication app, int count)
    {
        var running = new HashSet<string>();
        await app.ResourceNotifications.WaitForResourceAsync(
            "service",
            e =>
            {
                if (e.Snapshot.State?.Text == KnownResourceStates.Running)
                    running.Add(e.ResourceId);
                else
                    running.Remove(e.ResourceId);
                return running.Count == count;
            },
            HostedApp.Soon);
        return [.. running];
    }
}
