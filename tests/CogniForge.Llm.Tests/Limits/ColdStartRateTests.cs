using CogniForge.Llm.Tests.Servers;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A replica that has just started shares the rate of a key from its first requests on.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class ColdStartRateTests(RealServers servers)
{
    private const int Rate = 5;

    [Fact]
    public async Task FirstRequests_Concurrent_KeepRateOfKey()
    {
        var database = await servers.NewDatabaseAsync();
        var clock = new FakeTimeProvider(TestTime.Start); // so that nothing refills
        await using var one = await LimitedGateway.OnAsync(servers, database, clock);
        var (_, client) = await one.NewKeyAsync($$"""{"requestsPerMinute":{{Rate}}}""");
        await using var cold = await LimitedGateway.OnAsync(servers, database, clock);
        using var same = cold.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => same.StatusAsync()));

        Assert.Equal(Rate, statuses.Count(s => s == 200));
        Assert.Equal(40 - Rate, statuses.Count(s => s == 429));
    }
}
