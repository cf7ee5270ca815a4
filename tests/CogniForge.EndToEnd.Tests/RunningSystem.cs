using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.EndToEnd.Tests;

/// <summary>The whole system as the AppHost composes it, without stored data, on its own ports.</summary>
public abstract class RunningSystem(string environment) : IAsyncLifetime
{
    /// <summary>The operator's key in this system.</summary>
    public const string AdminKey = "cf_test-admin-key-of-the-end-to-end-tests";

    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);
    private readonly DataVolume _databases = new();
    private readonly DataVolume _queues = new();
    private readonly DirectoryInfo _journals = Directory.CreateTempSubdirectory("cogniforge-tests-");

    /// <summary>The running application.</summary>
    public DistributedApplication App { get; private set; } = null!;

    /// <summary>Receives the services' spans.</summary>
    public OtlpSink Telemetry { get; } = new();

    /// <summary>Creates a client of a service.</summary>
    /// <param name="service">The resource name.</param>
    /// <param name="key">The key to send; null for none.</param>
    public HttpClient Client(string service, string? key = null)
    {
        var client = App.CreateHttpClient(service, "http");
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await Telemetry.StartAsync();
        try
        {
            await StartAsync();
        }
        catch (OperationCanceledException)
        {
            // Aspire's orchestrator may miss the address of a service that runs, and then waits for it without end.
            await App.StopAsync();
            await App.DisposeAsync();
            await _databases.RemoveAsync();
            await _queues.RemoveAsync();
            await StartAsync();
        }

        using var timeout = new CancellationTokenSource(_startTimeout);
        foreach (var service in Awaited)
        {
            try
            {
                await App.ResourceNotifications.WaitForResourceHealthyAsync(service, timeout.Token);
            }
            catch (Exception e) when (e is DistributedApplicationException or OperationCanceledException)
            {
                throw new InvalidOperationException($"{service} did not start:\n{await LogAsync(service)}", e);
            }
        }
    }

    private async Task StartAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>([
            "DataVolumes=false",
            $"JournalDirectory={_journals.FullName}",
            $"Parameters:admin-api-key={AdminKey}",
        ]);
        foreach (var project in builder.Resources.OfType<ProjectResource>())
        {
            builder
                .CreateResourceBuilder(project)
                .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
                .WithEnvironment("Mock__Enabled", "true")
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Telemetry.Url)
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        }

        // A server that a test stops and restarts keeps its data.
        builder
            .CreateResourceBuilder(builder.Resources.OfType<PostgresServerResource>().Single())
            .WithDataVolume(_databases.Name);
        builder
            .CreateResourceBuilder(builder.Resources.OfType<RabbitMQServerResource>().Single())
            .WithDataVolume(_queues.Name);
        Configure(builder);
        App = await builder.BuildAsync();
        using var timeout = new CancellationTokenSource(_startTimeout);
        await App.StartAsync(timeout.Token);
    }

    /// <summary>The log of a resource.</summary>
    private async Task<string> LogAsync(string resource)
    {
        var lines = new List<string>();
        var model = App
            .Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.Single(r => r.Name == resource);
        await foreach (var batch in App.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(model))
        {
            lines.AddRange(batch.Select(l => l.Content));
        }

        return string.Join('\n', lines);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (App is not null)
        {
            await App.StopAsync();
            await App.DisposeAsync();
        }

        await _databases.RemoveAsync();
        await _queues.RemoveAsync();
        await Telemetry.DisposeAsync();
        _journals.Delete(recursive: true);
    }

    /// <summary>The services that must be healthy before the tests begin.</summary>
    protected virtual IReadOnlyList<string> Awaited { get; } = ["llm", "serving", "analytics", "web"];

    /// <summary>Changes the composition before the application is built.</summary>
    protected virtual void Configure(IDistributedApplicationTestingBuilder builder) { }
}
