using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace StandIns.Tests.Hosting;

/// <summary>What happens when another program has taken the port on which a resource is going to listen.</summary>
public sealed class PortTests
{
    private const string Reason = "the real orchestrator holds the public ports itself.";

    [StandInFact(Reason)]
    public async Task Start_ChosenPortTaken_TakesAnother()
    {
        await using var app = await StartAsync(resource => resource.WithHttpEndpoint(name: "http", env: "PORT"));
        var before = app.GetEndpoint("listener", "http").Port;
        using var other = Take(before);

        await CommandAsync(app, KnownResourceCommands.StartCommand);
        var running = await StateAsync(app, KnownResourceStates.Running);

        var after = app.GetEndpoint("listener", "http").Port;
        Assert.NotEqual(before, after);
        Assert.Equal($"http://localhost:{after}", Assert.Single(running.Snapshot.Urls).Url);
        Assert.Equal($"{after}", running.Snapshot.EnvironmentVariables.Single(v => v.Name == "PORT").Value);
    }

    [StandInFact(Reason)]
    public async Task Start_FixedPortTaken_FailsUntilItIsFree()
    {
        using var other = Take(0);
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var app = await StartAsync(resource => resource.WithHttpEndpoint(port: port, name: "http", isProxied: false));

        await CommandAsync(app, KnownResourceCommands.StartCommand);
        var failed = await StateAsync(app, KnownResourceStates.FailedToStart);
        Assert.Contains($"{port}", failed.Snapshot.Properties.Single(p => p.Name == "resource.reason").Value as string, StringComparison.Ordinal);

        other.Stop();
        await CommandAsync(app, KnownResourceCommands.StartCommand);
        await StateAsync(app, KnownResourceStates.Running);
    }

    private static async Task<DistributedApplication> StartAsync(Action<IResourceBuilder<ExecutableResource>> configure)
    {
        var builder = await HostedApp.CreateBuilderAsync();
        configure(builder.AddExecutable("listener", "sleep", ".", "600").WithExplicitStart());
        var app = await builder.BuildAsync();
        await app.StartAsync(HostedApp.Soon);
        return app;
    }

    private static TcpListener Take(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    private static Task<ExecuteCommandResult> CommandAsync(DistributedApplication app, string command) =>
        app.ResourceCommands.ExecuteCommandAsync(app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == "listener"), command, HostedApp.Soon);

    private static Task<ResourceEvent> StateAsync(DistributedApplication app, string state) =>
        app.ResourceNotifications.WaitForResourceAsync("listener", e => e.Snapshot.State?.Text == state, HostedApp.Soon);
}
