extern alias apphost;

using Aspire.Hosting;
using Aspire.Hosting.Testing;
using CogniForge.Tests.Hosting;

namespace CogniForge.Analytics.Tests.Servers;

/// <summary>A real RabbitMQ without queues.</summary>
public sealed class RealRabbitMq : IAsyncLifetime
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(2);
    private DistributedApplication? _app;

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<apphost::Projects.CogniForge_AppHost>([
            "DataVolumes=false",
        ]);
        _app = await builder.StartOnly("messaging").BuildAsync();
        using var timeout = new CancellationTokenSource(_timeout);
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("messaging", timeout.Token);
        ConnectionString = (await _app.GetConnectionStringAsync("messaging", timeout.Token))!;
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
