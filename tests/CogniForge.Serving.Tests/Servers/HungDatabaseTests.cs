using System.Net;
using CogniForge.ServiceDefaults.Tests.Support;

namespace CogniForge.Serving.Tests.Servers;

/// <summary>Postgres accepts connections and queries, but does not respond.</summary>
[Trait("Category", "Servers")]
public sealed class HungDatabaseTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const string Rows = """{"inputs":[{"name":"features","shape":[1,2],"datatype":"FP64","data":[1,2]}]}""";
    private const string Models = "/api/v1/serving/models";
    private const string Keys = "/api/v1/serving/keys";

    // How long models and keys stay cached without a lookup.
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(2);

    // Shorter than Npgsql's timeouts.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    // More than a connection pool has.
    private const int Many = 150;

    [Fact]
    public async Task Send_DatabaseHangs_ServesOnlyCachedModels()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var target = await postgres.NewDatabaseAsync();
        await using var proxy = new TcpProxy(target.Host!, target.Port);
        (target.Host, target.Port) = ("127.0.0.1", proxy.Port);
        await using var service = await ServingOnPostgres.StartAsync(target, clock);
        using var admin = service.NewClient();
        admin.Timeout = _timeout;
        foreach (var name in new[] { "loaded", "other" })
        {
            Assert.Equal(HttpStatusCode.Created, await StatusAsync(admin.PostAsync(Models, ModelJson.Create(name))));
        }

        using var client = service.NewClient(await service.CreateKeyAsync("serving", "serving:infer"));
        client.Timeout = _timeout;
        Assert.Equal(HttpStatusCode.OK, await InferAsync("loaded"));

        clock.Advance(_fresh);
        proxy.Stall();

        // The service needs a moment to detect that Postgres hangs.
        var first = Task.WhenAll(Enumerable.Range(0, Many).Select(_ => InferAsync("loaded")));
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(20), () => first.IsCompleted, "all are answered");
        Assert.All(await first, status => Assert.Equal(HttpStatusCode.OK, status));

        // From now on the clock stands still: no request may wait any longer.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => InferAsync("loaded"))),
            status => Assert.Equal(HttpStatusCode.OK, status)
        );
        using var unknown = await client.PostAsync("/v2/models/other/infer", Rows);
        Assert.Equal("error", Assert.Single((await unknown.ReadAsync(503)).EnumerateObject()).Name);
        var before = proxy.Connections;
        foreach (
            var path in new[]
            {
                Models,
                $"{Models}/loaded",
                $"{Models}/count",
                "/api/v1/serving/inferences/count",
                Keys,
            }
        )
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => admin.GetAsync(path)));
            Assert.All(responses, AssertUnavailable);
        }

        AssertUnavailable(await admin.PostAsync(Models, ModelJson.Create("late")));
        AssertUnavailable(await service.RegisterAsync(ModelJson.Create("late"), "key-late"));
        AssertUnavailable(await admin.PostAsync(Keys, """{"name":"late","scopes":["serving:read"]}"""));
        Assert.InRange(proxy.Connections, before, before + 1);

        proxy.Resume();
        await Until.EqualAsync(HttpStatusCode.OK, () => StatusAsync(admin.GetAsync(Models)));
        Assert.Equal(HttpStatusCode.OK, await InferAsync("other"));
        using var late = await service.RegisterAsync(ModelJson.Create("late"), "key-late");
        await late.ReadAsync(201);
        await Until.EqualAsync(
            (2 * Many) + 2,
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1)); // the journal's delays use the service's clock
                return service.CountAsync("inferences");
            }
        );

        Task<HttpStatusCode> InferAsync(string model) =>
            StatusAsync(client.PostAsync($"/v2/models/{model}/infer", Rows));
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    private static void AssertUnavailable(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }
}
