using CogniForge.Serving.Routing.Canaries;
using CogniForge.Serving.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Serving.Tests.Routing;

/// <summary>A canary on two replicas that share a database.</summary>
[Trait("Category", "Servers")]
public sealed class CanaryTests(RealPostgres postgres) : IClassFixture<RealPostgres>
{
    private const string Policy = """
        {"strategy":"canary","targets":[{"version":1},{"version":2}],
        "canary":{"steps":[20,50],"stepSeconds":60,"minRequests":10,"maxLatencyRatio":1000}}
        """;

    private readonly FakeTimeProvider _clock = new(TestTime.Start);

    [Fact]
    public async Task Canary_Healthy_GrowsToAll()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var one = await ServingOnPostgres.StartAsync(database, _clock);
        await using var other = await ServingOnPostgres.StartAsync(database, _clock);
        var here = await RoutedModel.CreateAsync(one.Client, "ok", "ok");
        var there = new RoutedModel(other.Client, here.Name);
        await here.RouteAsync(Policy);

        // Together the replicas send the canary 10 of 50, the minimum; alone none does.
        Assert.InRange((await here.InferAsync(25))["2"], 4, 6);
        Assert.InRange((await there.InferAsync(25))["2"], 4, 6);
        await there.InferAsync(5);
        await EvaluateAsync(one, other);
        Assert.Equal(("running", 20), await GetAsync(there));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await EvaluateAsync(one, other);
        Assert.Equal(("running", 50), await GetAsync(there));

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange((await here.InferAsync(30))["2"], 14, 16);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await EvaluateAsync(one, other);
        Assert.Equal(("completed", 100), await GetAsync(there));

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("2", Assert.Single(await there.InferAsync(5)).Key);
        Assert.Equal(["CompleteCanary", "AdvanceCanary", "SetRouting"], await ListActionsAsync(one, here.Name));
    }

    [Fact]
    public async Task Canary_Fails_IsRolledBack()
    {
        await using var service = await ServingOnPostgres.StartAsync(await postgres.NewDatabaseAsync(), _clock);
        await AssertRolledBackAsync(service);
    }

    [Fact]
    public async Task Canary_FailsInMemory_IsRolledBack()
    {
        await using var service = new ServingWithClock(_clock);
        await AssertRolledBackAsync(service);
    }

    private async Task AssertRolledBackAsync(ServingService service)
    {
        var model = await RoutedModel.CreateAsync(service.Client, "ok", "fails");
        await model.RouteAsync(Policy);
        await model.InferAsync(10);
        await EvaluateAsync(service);

        var canary = (await model.Registry.ReadAsync(200, "GET", $"/{model.Name}/routing")).GetProperty("canary");
        Assert.Equal("rolledBack", canary.GetProperty("status").GetString());
        Assert.Matches("The canary failed [12] of [12] requests", canary.GetProperty("reason").GetString());

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1", Assert.Single(await model.InferAsync(20)).Key);
        Assert.Equal(["RollBackCanary", "SetRouting"], await ListActionsAsync(service, model.Name));
    }

    // The jobs run by the clock too; each run is idempotent.
    private static async Task EvaluateAsync(params ServingService[] replicas)
    {
        foreach (var replica in replicas)
        {
            await replica.Services.GetRequiredService<CanaryReporter>().FlushAsync(CancellationToken.None);
        }

        await replicas[0].Services.GetRequiredService<CanaryJob>().EvaluateAsync(CancellationToken.None);
    }

    private static async Task<(string?, double)> GetAsync(RoutedModel model)
    {
        var routing = await model.Registry.ReadAsync(200, "GET", $"/{model.Name}/routing");
        var canary = routing.GetProperty("canary");
        return (canary.GetProperty("status").GetString(), canary.GetProperty("share").GetDouble());
    }

    private static async Task<IEnumerable<string?>> ListActionsAsync(ServingService service, string model)
    {
        using var audit = await service.Client.GetAsync($"/api/v1/serving/audit?resource=models/{model}/routing");
        return (await audit.ReadAsync(200))
            .GetProperty("items")
            .EnumerateArray()
            .Select(e => e.GetProperty("action").GetString());
    }
}
