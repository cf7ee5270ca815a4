using System.Net;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Outages;

/// <summary>A service that starts while a server is silent logs it, and continues after the outage.</summary>
[Collection(RealServersCollection.Name)]
[Trait("Category", "Servers")]
public sealed class StartOutageTests(RealServers servers)
{
    [Fact]
    public async Task Migrate_DatabaseGoesSilentMeanwhile_LogsAndRecovers()
    {
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var other = NpgsqlDataSource.Create(target.ConnectionString);
        await using var migrating = await other.OpenConnectionAsync();
        await migrating.ExecuteAsync("SELECT pg_advisory_lock(hashtextextended('cogniforge.migrations', 0))");
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await TestService.StartAsync(
            settings: ("ConnectionStrings:llmdb", target.ConnectionString)
        );
        await Until.TrueAsync(
            () =>
                migrating.ExecuteScalarAsync<bool>(
                    """
                    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                    WHERE NOT granted AND locktype = 'advisory' AND datname = current_database())
                    """
                ),
            "the service waits for its turn"
        );

        proxy.Hold();
        proxy.Silence();

        await Until.TrueAsync(() => HasWarned(service, "Waiting for database llmdb"), "the outage is logged");
        proxy.Release();
        await migrating.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        using var client = service.Client();
        await client.UntilAnsweredAsync(HttpMethod.Get, "/health", HttpStatusCode.OK);
    }

    [Fact]
    public async Task Consume_BrokerIsHeld_LogsAndConsumesLater()
    {
        await using var broker = await Broker.CreateAsync(servers);
        await broker.DeclareAsync();
        await broker.PublishAsync([7]);
        broker.Proxy.Hold();
        var handler = new FakeHandler();
        await using var service = await broker.StartServiceAsync(handler: handler);

        await Until.TrueAsync(
            () => HasWarned(service, $"Queue {broker.Subscription.Queue}: the broker is unavailable"),
            "the outage is logged"
        );
        Assert.InRange(broker.Proxy.Held, 0, 1);
        broker.Proxy.Release();

        await Until.TrueAsync(() => handler.Handled.Contains(7), "the event is handled");
    }

    private static bool HasWarned(TestService service, string text) =>
        service.Logs.At(LogLevel.Warning).Any(l => l.StartsWith(text, StringComparison.Ordinal));
}
