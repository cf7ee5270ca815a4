using System.Net;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.ServiceDefaults.Tests.Postgres;

[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class OutageTests(RealServers servers)
{
    private const string Keys = "/api/v1/llm/keys";
    private const string WhoAmI = "/api/v1/whoami";

    // The time until a key is looked up again.
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Send_DatabaseUnavailable_Returns503ExceptForConfiguredKeys()
    {
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await TestService.StartAsync(
            settings: ("ConnectionStrings:llmdb", target.ConnectionString)
        );
        using var root = service.Client();
        await Until.TrueAsync(async () => (await root.GetAsync("/health")).IsSuccessStatusCode, "the tables are there");
        using var created = await root.PostAsync(Keys, NewKey());
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
        await Until.TrueAsync(
            async () => (await client.GetAsync(Keys)).StatusCode == HttpStatusCode.OK,
            "the stored key is taken again"
        );
    }

    [Fact]
    public async Task Send_DatabaseHangs_AcceptsOnlyCachedKeys()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var target = new NpgsqlConnectionStringBuilder(await servers.NewDatabaseAsync());
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await TestService.StartAsync(
            map: app => app.MapPost("/made", () => Results.NoContent()).AllowAnonymous().WithIdempotency(),
            configure: b => b.Services.AddSingleton<TimeProvider>(clock),
            settings: ("ConnectionStrings:llmdb", target.ConnectionString)
        );
        using var root = service.Client();
        await Until.TrueAsync(async () => (await root.GetAsync("/health")).IsSuccessStatusCode, "the tables are there");
        using var created = await root.PostAsync(Keys, NewKey());
        var key = await created.JsonAsync();
        using var client = service.Client(key.GetProperty("key").GetString());
        client.Timeout = TimeSpan.FromSeconds(5);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(WhoAmI)).StatusCode);

        clock.Advance(_fresh);
        proxy.Stall();

        var first = client.GetAsync(WhoAmI);
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(20), () => first.IsCompleted, "a known key is taken");
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);

        var list = root.GetAsync(Keys);
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(20), () => list.IsCompleted, "a read is refused");

        // The clock stands, so none of these waits for the database.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(WhoAmI)).StatusCode);
        using var unknown = service.Client("cf_never-seen");
        using var idempotent = new HttpRequestMessage(HttpMethod.Post, "/made")
        {
            Headers = { { "Idempotency-Key", "once" } },
        };
        foreach (
            var refused in new[]
            {
                await list,
                await unknown.GetAsync(WhoAmI),
                await client.GetAsync(Keys),
                await client.PostAsync(Keys, NewKey()),
                await client.SendAsync(idempotent),
            }
        )
        {
            await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("Degraded", await client.GetStringAsync("/health"));
            Assert.Contains("Degraded", await client.GetStringAsync("/health/details"), StringComparison.Ordinal);
        }

        proxy.Resume();
        await Until.TrueAsync(
            async () =>
                (await root.DeleteAsync($"{Keys}/{key.GetProperty("details").GetProperty("id")}")).StatusCode
                == HttpStatusCode.NoContent,
            "the key can be revoked"
        );
        clock.Advance(_fresh);
        await Until.TrueAsync(
            async () => (await client.GetAsync(WhoAmI)).StatusCode == HttpStatusCode.Unauthorized,
            "the key that was revoked is refused"
        );
    }

    [Fact]
    public async Task Send_MigrationsPending_Returns503()
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
        await Until.TrueAsync(
            async () => (await root.GetAsync(Keys)).StatusCode == HttpStatusCode.OK,
            "the tables are there"
        );
    }

    private static StringContent NewKey() => Answers.Json("""{"name":"k","scopes":["llm:admin"]}""");
}
