using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.Bench.Processes;

/// <summary>Postgres, Redis and RabbitMQ as the AppHost composes them, on ports of their own, with nothing kept.</summary>
internal sealed class StoreServers : IAsyncDisposable
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);
    private readonly DistributedApplication _app;

    private StoreServers(DistributedApplication app) => _app = app;

    /// <summary>Starts them.</summary>
    /// <exception cref="BenchException">They did not start.</exception>
    public static async Task<StoreServers> StartAsync(CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>(["DataVolumes=false"], cancellationToken);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
            builder.Resources.Remove(service);
        builder.Services.AddLogging(logging => logging.ClearProviders()); // what the servers say would drown the figures

        var servers = new StoreServers(await builder.BuildAsync(cancellationToken));
        try
        {
            await servers._app.StartAsync(cancellationToken).WaitAsync(_startTimeout, cancellationToken);
            return servers;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await servers.DisposeAsync();
            throw new BenchException($"Postgres, Redis and RabbitMQ did not start: {e.Message}");
        }
    }

    /// <summary>A service's settings that name them: of Postgres, its own database.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string database, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>();
        foreach (var resource in new[] { database, "cache", "messaging" })
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken).WaitAsync(_startTimeout, cancellationToken);
            settings[$"ConnectionStrings__{resource}"] = (await _app.GetConnectionStringAsync(resource, cancellationToken))!;
        }

        return settings;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
