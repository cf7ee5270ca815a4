using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace CogniForge.Bench.Processes;

/// <summary>
/// Postgres, Redis and RabbitMQ as the AppHost composes them, on their own ports, without stored data.
/// </summary>
internal sealed class StoreServers : IAsyncDisposable
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(2);
    private readonly DistributedApplication _app;

    private StoreServers(DistributedApplication app) => _app = app;

    /// <summary>Starts the servers.</summary>
    /// <exception cref="BenchException">The servers did not start.</exception>
    public static async Task<StoreServers> StartAsync(CancellationToken cancellationToken)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CogniForge_AppHost>(
            ["DataVolumes=false"],
            cancellationToken
        );
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
        {
            builder.Resources.Remove(service);
        }

        builder.Services.AddLogging(logging => logging.ClearProviders()); // the servers' logs would drown the figures

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

    /// <summary>The settings that connect a service to the servers, with its own database.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(
        string database,
        CancellationToken cancellationToken
    )
    {
        var settings = new Dictionary<string, string>();
        foreach (var resource in new[] { database, "cache", "messaging" })
        {
            await _app
                .ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken)
                .WaitAsync(_startTimeout, cancellationToken);
            settings[$"ConnectionStrings__{resource}"] = (
                await _app.GetConnectionStringAsync(resource, cancellationToken)
            )!;
        }

        return settings;
    }

    /// <summary>Binds a queue to a service's events, because events without a queue count as not delivered.</summary>
    /// <remarks>The queue keeps only the last event.</remarks>
    public async Task TakeEventsAsync(string type, CancellationToken cancellationToken)
    {
        const string Exchange = "cogniforge.events";
        const string Queue = "bench";
        var credentials = Uri.UnescapeDataString(
            new Uri((await _app.GetConnectionStringAsync("messaging", cancellationToken))!).UserInfo
        );
        using var management = _app.CreateHttpClient("messaging", "management");
        management.DefaultRequestHeaders.Authorization = new(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
        );
        await SendAsync(HttpMethod.Put, $"/api/exchanges/%2F/{Exchange}", new { type = "topic", durable = true });
        await SendAsync(
            HttpMethod.Put,
            $"/api/queues/%2F/{Queue}",
            new { durable = true, arguments = new Dictionary<string, object> { ["x-max-length"] = 1 } }
        );
        await SendAsync(HttpMethod.Post, $"/api/bindings/%2F/e/{Exchange}/q/{Queue}", new { routing_key = type });

        async Task SendAsync(HttpMethod method, string path, object body)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
            {
                Content = JsonContent.Create(body),
            };
            using var response = await management.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new BenchException($"RabbitMQ responded to {method} {path} with {(int)response.StatusCode}.");
            }
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
