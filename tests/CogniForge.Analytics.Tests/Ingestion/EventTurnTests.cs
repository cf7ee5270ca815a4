using CogniForge.Analytics.Ingestion;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Analytics.Tests.Ingestion;

/// <summary>200 connections of one key made another key wait for up to 1.8 s.</summary>
public sealed class EventTurnTests
{
    [Fact]
    public async Task Post_KeyWithManyEvents_LeavesOthersTheirTurn()
    {
        var store = new HeldEventStore();
        await using var service = new AnalyticsService(builder =>
            builder.ConfigureTestServices(services => services.AddSingleton<IUserEventStore>(store))
        );
        using var greedy = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        using var other = service.NewClient(await service.CreateKeyAsync("analytics", "analytics:write"));
        var atOnce = 64 * Environment.ProcessorCount;

        var sent = Enumerable.Range(0, atOnce + 50).Select(_ => SendAsync(greedy, "greedy")).ToList();
        await Until.EqualAsync(atOnce, () => Task.FromResult(store.Count("greedy")));
        sent.Add(SendAsync(other, "other"));
        await Until.EqualAsync(1, () => Task.FromResult(store.Count("other")));

        Assert.Equal(atOnce, store.Count("greedy"));
        store.Release();
        Assert.All(await Task.WhenAll(sent), status => Assert.Equal(202, status));
    }

    private static async Task<int> SendAsync(HttpClient client, string name)
    {
        using var response = await client.PostAsync("/api/v1/events", $$"""{"event":"{{name}}","userId":"u"}""");
        return (int)response.StatusCode;
    }
}
