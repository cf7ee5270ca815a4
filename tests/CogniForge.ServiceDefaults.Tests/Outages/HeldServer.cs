using CogniForge.Messaging;
using CogniForge.ServiceDefaults.Health;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Outages;

/// <summary>A service with real servers, one of them behind a proxy.</summary>
internal sealed class HeldServer : IAsyncDisposable
{
    /// <summary>Publishes an event: 202.</summary>
    public const string Publish = "/publish";

    /// <summary>The type of that event.</summary>
    public const string EventType = "test.outage.v1";

    // Only ends a hang: at least ten times the guaranteed time.
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    private HeldServer(TcpProxy proxy, TestService service) => (Proxy, Service) = (proxy, service);

    public TcpProxy Proxy { get; }

    public TestService Service { get; }

    /// <summary>Starts the service; for an outage from the start, the server is already unavailable.</summary>
    public static async Task<HeldServer> StartAsync(
        RealServers servers,
        string name,
        Outage outage,
        RequiredDependencies required = RequiredDependencies.None,
        params (string Key, string Value)[] settings
    )
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        var broker = new Uri(servers.RabbitMq);
        var cache = servers.Redis.Split(',');
        var (host, port) = name switch
        {
            "llmdb" => (database.Host!, database.Port),
            "cache" => (cache[0].Split(':')[0], int.Parse(cache[0].Split(':')[1], provider: null)),
            _ => (broker.Host, broker.Port),
        };
        var proxy = new TcpProxy(host, port);
        var strings = new Dictionary<string, string>
        {
            ["llmdb"] = database.ConnectionString,
            ["cache"] = servers.Redis,
            ["messaging"] = servers.RabbitMq,
        };
        strings[name] = name switch
        {
            "llmdb" => new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Host = "127.0.0.1",
                Port = proxy.Port,
            }.ConnectionString,
            "cache" => string.Join(',', [$"127.0.0.1:{proxy.Port}", .. cache[1..]]),
            _ => new UriBuilder(broker) { Host = "127.0.0.1", Port = proxy.Port }.Uri.ToString(),
        };
        if (outage == Outage.HeldFromTheStart)
        {
            proxy.Hold();
        }

        (string, string)[] all = [.. strings.Select(s => ($"ConnectionStrings:{s.Key}", s.Value)), .. settings];
        var service = await TestService.StartAsync(MapPublish, required: required, settings: all);
        return new(proxy, service);
    }

    public HttpClient NewClient()
    {
        var client = Service.Client();
        client.Timeout = _bound;
        return client;
    }

    /// <summary>Starts the outage.</summary>
    public void Begin(Outage outage)
    {
        switch (outage)
        {
            case Outage.HeldFromTheStart:
                break;
            case Outage.GoneSilent:
                Proxy.Hold();
                Proxy.Silence();
                break;
            case Outage.ClosedThenHeld:
                Proxy.Hold();
                Proxy.Cut();
                break;
            default:
                Proxy.Unplug();
                break;
        }
    }

    /// <summary>Ends the outage for new connections.</summary>
    public void End()
    {
        Proxy.Release();
        Proxy.Plug();
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Service.DisposeAsync();
    }

    private static void MapPublish(WebApplication app) =>
        app.MapPost(
            Publish,
            async (IEventPublisher publisher, CancellationToken cancellationToken) =>
            {
                await publisher.PublishAsync(Numbers.Event(EventType, 1), cancellationToken);
                return Results.Accepted();
            }
        );
}
