using System.Net;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Collection(RealServersCollection.Name)]
public sealed class OutageTests(RealServers servers)
{
    private const string Keys = "/api/v1/llm/keys";

    [Fact]
    public async Task Send_DatabaseIsAway_IsToldToTryAgainAndConfiguredKeysGoOn()
    {
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await TestService.StartAsync(settings: ("ConnectionStrings:llmdb", target.ConnectionString));
        using var root = service.Client();
        await Until.TrueAsync(async () => (await root.GetAsync("/health")).IsSuccessStatusCode, "the tables are there");
        using var created = await root.PostAsync(Keys, Answers.Json("""{"name":"k","scopes":["llm:admin"]}"""));
        using var client = service.Client((await created.JsonAsync()).GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Keys)).StatusCode);

        proxy.Unplug();

        using var refused = await root.GetAsync(Keys);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var unknown = service.Client("cf_never-seen");
        await (await unknown.GetAsync(Keys)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/api/v1/whoami")).StatusCode);

        proxy.Plug();
        await Until.TrueAsync(async () => (await client.GetAsync(Keys)).StatusCode == HttpStatusCode.OK, "the stored key is taken again");
    }

    [Fact]
    public async Task Send_TablesAreNotThereYet_IsToldToTryAgain()
    {
        var database = await servers.NewDatabaseAsync();
        await using var other = NpgsqlDataSource.Create(database);
        await using var migrating = await other.OpenConnectionAsync();
        await migrating.ExecuteAsync("SELECT pg_advisory_lock(hashtextextended('cogniforge.migrations', 0))");
        await using var service = await TestService.StartAsync(settings: ("ConnectionStrings:llmdb", database));
        using var root = service.Client();

        using var early = await root.GetAsync(Keys);

        await early.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        await migrating.ExecuteAsync("SELECT pg_advisory_unlock_all()");
        await Until.TrueAsync(async () => (await root.GetAsync(Keys)).StatusCode == HttpStatusCode.OK, "the tables are there");
    }
}
