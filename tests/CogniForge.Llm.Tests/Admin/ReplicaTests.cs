using System.Text.Json;
using CogniForge.Llm.Tests.Fakes;
using CogniForge.Llm.Tests.Limits;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CogniForge.Llm.Tests.Admin;

/// <summary>
/// Replicas on one Postgres share their configuration. They also poll it every 30 s, which is longer than these tests
/// wait.
/// </summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public sealed class ReplicaTests(RealServers servers)
{
    private const string Routes = "/api/v1/llm/routes";
    private const string MockRoute = """{"targets":[{"provider":"mock","model":"mock"}]}""";

    [Fact]
    public async Task Put_OneReplica_ReachesOthersAndSurvivesRestart()
    {
        var database = await servers.NewDatabaseAsync();
        using var first = await GatewayHost.StartOnAsync(database);
        using (var second = await GatewayHost.StartOnAsync(database))
        {
            await (await first.Client.PutAsync("/api/v1/llm/providers/other", """{"kind":"mock"}""")).ReadAsync(201);
            await (
                await first.Client.PutAsync(
                    $"{Routes}/fast",
                    """{"targets":[{"provider":"other","model":"mock-x"}],"aliases":["quick"]}"""
                )
            ).ReadAsync(201);
            await (
                await first.Client.PutAsync("/api/v1/llm/prices/2026-01-01/mock-x", """{"input":1,"output":2}""")
            ).ReadAsync(201);
            await Until.EqualAsync(200, () => ChatStatusAsync(second, "quick"));
            await Until.EqualAsync(
                1,
                async () =>
                    (await GetAsync(second, "/api/v1/llm/prices?model=mock-x")).GetProperty("items").GetArrayLength()
            );

            await (
                await second.Client.PutAsync($"{Routes}/fast", """{"targets":[{"provider":"mock","model":"mock"}]}""")
            ).ReadAsync(200);
            await Until.EqualAsync(404, () => ChatStatusAsync(first, "quick"));
            Assert.Equal(204, (int)(await second.Client.DeleteAsync($"{Routes}/fast")).StatusCode);
            await Until.EqualAsync(404, () => ChatStatusAsync(first, "fast"));
            await (await second.Client.PutAsync($"{Routes}/kept", MockRoute)).ReadAsync(201);
        }

        // A new replica loads the configuration before its first request.
        using var third = await GatewayHost.StartOnAsync(database);
        Assert.Equal(200, await ChatStatusAsync(third, "kept"));
        Assert.Equal("api", (await GetAsync(third, "/api/v1/llm/providers/other")).GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Patch_Key_ReachesOtherReplicaWithinTwoSeconds()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        var database = await servers.NewDatabaseAsync();
        await using var first = await LimitedGateway.OnAsync(servers, database, time);
        await using var second = await LimitedGateway.OnAsync(servers, database, time);
        var (id, client) = await first.NewKeyAsync("{}");
        using var same = second.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal(200, await same.StatusAsync());

        using var changed = await first.Client.PatchAsync(
            new Uri($"/api/v1/llm/keys/{id}", UriKind.Relative),
            Requests.Json("""{"name":"new","expiresAt":"2026-03-01T12:01:00Z"}""")
        );
        await changed.ReadAsync(200);

        time.Advance(TimeSpan.FromSeconds(2));
        var me = await (await same.GetAsync("/api/v1/whoami")).ReadAsync(200);
        Assert.Equal(
            ("new", "2026-03-01T12:01:00+00:00"),
            (me.GetProperty("name").GetString(), me.GetProperty("expiresAt").GetString())
        );
        time.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal(401, await same.StatusAsync());
    }

    [Fact]
    public async Task Put_SameNameConcurrently_OneSucceeds()
    {
        var database = await servers.NewDatabaseAsync();
        using var first = await GatewayHost.StartOnAsync(database);
        using var second = await GatewayHost.StartOnAsync(database);

        var responses = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async i =>
                    (int)
                        (
                            await (i % 2 == 0 ? first : second).Client.PutAsync(
                                $"{Routes}/route-{i}",
                                """{"targets":[{"provider":"mock","model":"mock"}],"aliases":["wanted"]}"""
                            )
                        ).StatusCode
                )
        );

        Assert.Equal([201, .. Enumerable.Repeat(409, 9)], responses.Order());
    }

    [Fact]
    public async Task Load_InvalidDocument_IsSkipped()
    {
        var database = await servers.NewDatabaseAsync();
        using (var before = await GatewayHost.StartOnAsync(database))
        {
            await (await before.Client.PutAsync($"{Routes}/good", MockRoute)).ReadAsync(201);
        }

        await ExecuteAsync(
            database,
            """
            INSERT INTO setting (kind, name, document) VALUES
                ('route', 'no-object', '[]'),
                ('route', 'no-targets', '{"targets":[]}'),
                ('route', 'wrong-type', '{"targets":"x"}'),
                ('route', 'b d', '{"targets":[{"provider":"mock","model":"m"}]}'),
                ('provider', 'nowhere', '{"kind":"openAI","baseUrl":"http://169.254.169.254/"}'),
                ('provider', 'null', 'null'),
                ('price', 'no-key', '{"input":1,"output":1}'),
                ('price', '2026-01-01//m', '{"input":-1,"output":1}'),
                ('unknown', 'kind', '{}'),
                ('route', 'newer-release', '{"targets":[{"provider":"mock","model":"mock"}],"laterField":1}')
            """
        );

        using var gateway = await GatewayHost.StartOnAsync(database);

        Assert.Equal(
            ["good", "newer-release"],
            (await GetAsync(gateway, Routes))
                .GetProperty("items")
                .EnumerateArray()
                .Select(r => r.GetProperty("name").GetString())
        );
        Assert.Equal(200, await ChatStatusAsync(gateway, "newer-release"));
        var errors = gateway.Logged(LogLevel.Error);
        foreach (
            var name in new[]
            {
                "no-object",
                "no-targets",
                "wrong-type",
                "b d",
                "nowhere",
                "null",
                "no-key",
                "2026-01-01//m",
            }
        )
        {
            Assert.Contains(errors, e => e.Contains($" {name} in the database is not valid", StringComparison.Ordinal));
        }

        // An invalid document can be deleted.
        Assert.Equal(204, (int)(await gateway.Client.DeleteAsync($"{Routes}/no-targets")).StatusCode);
    }

    [Fact]
    public async Task Start_PostgresUnavailable_RunsThenCatchesUp()
    {
        var database = await servers.NewDatabaseAsync();
        using (var before = await GatewayHost.StartOnAsync(database))
        {
            await (await before.Client.PutAsync($"{Routes}/by-api", MockRoute)).ReadAsync(201);
        }

        await using var proxy = StartProxy(database, out var throughProxy);
        proxy.Unplug();

        using var gateway = GatewayHost.Start(
            ("ConnectionStrings:llmdb", throughProxy),
            ("Routes:configured:Targets:0:Provider", "mock"),
            ("Routes:configured:Targets:0:Model", "mock")
        );

        Assert.Equal(200, await ChatStatusAsync(gateway, "configured"));
        Assert.Equal(404, await ChatStatusAsync(gateway, "by-api"));
        Assert.Contains(
            gateway.Logged(LogLevel.Warning),
            l => l.Contains("configuration alone", StringComparison.Ordinal)
        );
        await Problem.ReadAsync(await gateway.Client.PutAsync($"{Routes}/x", MockRoute), 503);

        proxy.Plug();
        await Until.EqualAsync(200, () => ChatStatusAsync(gateway, "by-api"));
    }

    [Fact]
    public async Task Put_DuringDisconnection_ArrivesAfterReconnecting()
    {
        var database = await servers.NewDatabaseAsync();
        using var other = await GatewayHost.StartOnAsync(database);
        await using var proxy = StartProxy(database, out var throughProxy);
        using var gateway = await GatewayHost.StartOnAsync(throughProxy);
        await (await other.Client.PutAsync($"{Routes}/early", MockRoute)).ReadAsync(201);
        await Until.EqualAsync(200, () => ChatStatusAsync(gateway, "early"));

        proxy.Unplug();
        await (await other.Client.PutAsync($"{Routes}/meanwhile", MockRoute)).ReadAsync(201);
        Assert.Equal(200, await ChatStatusAsync(gateway, "early"));
        proxy.Plug();

        await Until.EqualAsync(200, () => ChatStatusAsync(gateway, "meanwhile"));
        await (await other.Client.PutAsync($"{Routes}/later", MockRoute)).ReadAsync(201);
        await Until.EqualAsync(200, () => ChatStatusAsync(gateway, "later"));
    }

    /// <summary>An address from the API does not get a key that the configuration gains later.</summary>
    [Theory]
    [InlineData("later", true)]
    [InlineData("groq", false)]
    public async Task Restart_KeyForStoredProvider_StaysAtConfiguredOrigin(string name, bool hasAddress)
    {
        await using var proxy = FakeProxy.Start();
        await using var configured = await FakeProvider.StartAsync();
        await using var stored = await FakeProvider.StartAsync();
        var database = await servers.NewDatabaseAsync();
        using (var before = await GatewayHost.StartOnAsync(database))
        {
            var provider = $$"""{"kind":"openAICompatible","baseUrl":"{{stored.BaseUrl}}"}""";
            await (await before.Client.PutAsync($"/api/v1/llm/providers/{name}", provider)).ReadAsync(201);
            Assert.Equal(200, await ChatStatusAsync(before, $"{name}/model"));
            Assert.Equal("", Assert.Single(stored.Calls).Headers.Authorization.ToString());
        }

        using var gateway = await GatewayHost.StartOnAsync(
            database,
            ($"Providers:{name}:ApiKey", "sk-later"),
            ($"Providers:{name}:BaseUrl", hasAddress ? configured.BaseUrl : ""),
            ($"Providers:{name}:Proxy", hasAddress ? "none" : $"http://127.0.0.1:{proxy.Port}")
        );

        Assert.Equal(hasAddress ? 200 : 502, await ChatStatusAsync(gateway, $"{name}/model"));
        Assert.Equal(
            hasAddress ? [] : ["CONNECT api.groq.com:443 HTTP/1.1"],
            proxy.RequestLines.Distinct(StringComparer.Ordinal)
        );
        Assert.Single(stored.Calls);
        Assert.Equal(
            hasAddress ? ["Bearer sk-later"] : [],
            configured.Calls.Select(c => c.Headers.Authorization.ToString())
        );
        Assert.Contains(
            gateway.Logged(LogLevel.Error),
            e => e.Contains($"{name} in the database is not valid", StringComparison.Ordinal)
        );
    }

    private static TcpProxy StartProxy(string database, out string throughProxy)
    {
        var target = new NpgsqlConnectionStringBuilder(database);
        var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        throughProxy = target.ConnectionString;
        return proxy;
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> ChatStatusAsync(GatewayHost gateway, string model) =>
        (int)
            (
                await gateway.Client.PostAsync(
                    "/v1/chat/completions",
                    $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}"""
                )
            ).StatusCode;

    private static async Task<JsonElement> GetAsync(GatewayHost gateway, string path) =>
        await (await gateway.Client.GetAsync(path)).ReadAsync(200);
}
