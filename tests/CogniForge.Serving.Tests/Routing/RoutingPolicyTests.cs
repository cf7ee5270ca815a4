using CogniForge.Serving.Tests.Servers;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>Policies are stored, checked and audited, in memory as in Postgres.</summary>
[Trait("Category", "Servers")]
public sealed class RoutingPolicyTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const string Policy = """
        {"strategy":"weighted","targets":[{"version":1,"weight":3},{"alias":"champion","weight":1}],
        "fallback":{"version":1},"maxOutstanding":5,"ejection":{"consecutiveFailures":2,"seconds":1.5}}
        """;

    [Fact]
    public async Task Policy_InMemory_IsStored()
    {
        await using var service = new ServingService();
        await AssertStoredAsync(service);
    }

    [Fact]
    public async Task Policy_InPostgres_IsStored()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync());
        await AssertStoredAsync(service);
    }

    [Fact]
    public async Task Set_ByOtherReplica_IsSeenWithinTwoSeconds()
    {
        var clock = new FakeTimeProvider(TestTime.Start);
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database, clock);
        await using var other = await ServingOnPostgres.StartAsync(database, clock);
        var here = await RoutedModel.CreateAsync(one.Client, "ok", "ok");
        var there = new RoutedModel(other.Client, here.Name);
        Assert.Equal(("2", "2"), (await here.InferAsync(), await there.InferAsync()));

        await here.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1}]}""");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("1", "1"), (await here.InferAsync(), await there.InferAsync()));

        await there.Registry.MoveAsync(here.Name, "champion", 2);
        await there.RouteAsync("""{"strategy":"roundRobin","targets":[{"alias":"champion"}]}""");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("2", "2"), (await here.InferAsync(), await there.InferAsync()));

        await there.Registry.MoveAsync(here.Name, "champion", 1);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("1", "1"), (await here.InferAsync(), await there.InferAsync()));
    }

    private static async Task AssertStoredAsync(ServingService service)
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "ok");
        var (registry, path) = (model.Registry, $"/{model.Name}/routing");
        Assert.Contains(
            "no routing policy",
            await registry.ReadProblemAsync(404, "GET", path),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no alias 'champion'",
            await registry.ReadProblemAsync(404, "PUT", path, Policy),
            StringComparison.Ordinal
        );
        await registry.MoveAsync(model.Name, "champion", 2);

        var set = await model.RouteAsync(Policy);
        Assert.Equal(set.GetRawText(), (await registry.ReadAsync(200, "GET", path)).GetRawText());
        Assert.Equal(3, set.GetProperty("policy").GetProperty("targets")[0].GetProperty("weight").GetDouble());

        var tag = await registry.GetETagAsync(path);
        using (var exists = await registry.SendAsync("PUT", path, Policy, ifNoneMatch: "*"))
        {
            Assert.Equal(412, (int)exists.StatusCode);
        }

        using (var current = await registry.SendAsync("PUT", path, Policy, ifMatch: tag))
        {
            Assert.Equal(200, (int)current.StatusCode);
            Assert.NotEqual(tag, current.Headers.ETag!.ToString());
        }

        using (var stale = await registry.SendAsync("DELETE", path, ifMatch: tag))
        {
            Assert.Equal(412, (int)stale.StatusCode);
        }

        await registry.ReadAsync(204, "DELETE", path);
        await registry.ReadAsync(404, "GET", path);
        using var audit = await service.Client.GetAsync($"/api/v1/serving/audit?resource=models{path}");
        Assert.Equal(
            ["DeleteRouting", "SetRouting", "SetRouting"],
            (await audit.ReadAsync(200))
                .GetProperty("items")
                .EnumerateArray()
                .Select(e => e.GetProperty("action").GetString())
        );

        // A new model of the same name has no policy.
        await registry.ReadAsync(204, "DELETE", $"/{model.Name}/aliases/champion");
        await model.RouteAsync("""{"strategy":"roundRobin","targets":[{"version":1}]}""");
        await registry.MoveThroughAsync(model.Name, 1, "draining");
        await registry.MoveThroughAsync(model.Name, 2, "draining");
        await registry.ReadAsync(204, "DELETE", $"/{model.Name}");
        await registry.RegisterAsync(model.Name);
        await registry.ReadAsync(404, "GET", path);
    }
}
