using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>Ends the start if the service does not listen on its admin port.</summary>
internal sealed class AdminPortCheck(IServer server, IOptions<CogniForgeOptions> options) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return options.Value.AdminPort is { } port && addresses.Count > 0 && !addresses.Any(a => IsAt(a, port))
            ? throw new InvalidOperationException(
                $"CogniForge:AdminPort is {port}, but the service listens on {string.Join(", ", addresses)}. "
                    + "Add the port to ASPNETCORE_HTTP_PORTS or ASPNETCORE_URLS."
            )
            : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsAt(string address, int port) => BindingAddress.Parse(address).Port == port;
}
