using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>The budget of a project is hard over several keys and replicas.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class ProjectBudgetRaceTests(RealServers servers)
{
    private const string ForFifty = """{"budget":{"amount":0.0002,"period":"month"}}""";
    private const string InTeam = """{"project":"team-a"}""";

    [Fact]
    public async Task Budget_For50WithThreeKeysAtTwoReplicas_Serves50()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database);
        await using var other = await LimitedGateway.OnAsync(servers, database);
        await one.PutProjectAsync("team-a", ForFifty);
        var clients = new List<HttpClient>();
        string[] keys = [InTeam, InTeam, """{"project":"team-a","budget":{"amount":1,"period":"day"}}"""];
        foreach (var limits in keys)
        {
            // The other replica may not have followed the project yet.
            var (_, client) = await other.NewKeyAsync(limits);
            clients.AddRange(client, one.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter));
        }

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => clients[i % clients.Count].ChatWithRetriesAsync())
        );

        Assert.Equal(50, statuses.Count(s => s == 200));
        Assert.All(statuses, s => Assert.True(s is 200 or 402, $"{s}"));
        foreach (var gateway in new[] { one, other })
        {
            await Until.EqualAsync((0.0002m, 0m, true), () => SumsAsync(gateway));
            using var usage = await gateway.Client.GetAsync("/api/v1/llm/usage?groupBy=project&project=team-a");
            var group = (await usage.ReadAsync(200)).GetProperty("groups")[0];
            Assert.Equal("""{"project":"team-a"}""", group.GetProperty("group").GetRawText());
        }
    }

    [Fact]
    public async Task Budget_SpentBefore_CountsFromTheLog()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        await gateway.PutProjectAsync("team-a", "{}");
        var (id, client) = await gateway.NewKeyAsync(InTeam);
        Assert.Equal(200, await client.ChatWithRetriesAsync());
        await gateway
            .Services.GetRequiredService<IRequestLog>()
            .AddAsync([Entry(id, "team-a", 0.00019m), Entry(id, "team-b", 1m)], default);

        await gateway.PutProjectAsync("team-a", ForFifty);

        await Until.EqualAsync((0.000194m, 0m, false), () => SumsAsync(gateway));
        Assert.Equal(200, await client.ChatWithRetriesAsync());
        Assert.Equal(402, await client.ChatWithRetriesAsync());
    }

    private static async Task<(decimal Spent, decimal Held, bool Exhausted)> SumsAsync(LimitedGateway gateway)
    {
        var budget = await gateway.ProjectBudgetAsync("team-a");
        return (
            budget.GetProperty("spent").GetDecimal(),
            budget.GetProperty("held").GetDecimal(),
            budget.GetProperty("exhausted").GetBoolean()
        );
    }

    private static RequestLogEntry Entry(string key, string project, decimal cost) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            OccurredAt = TimeProvider.System.GetUtcNow(),
            Caller = key,
            Project = project,
            RequestedModel = "mock",
            Provider = "mock",
            Model = "mock",
            Protocol = "chat_completions",
            Cost = cost,
        };
}
