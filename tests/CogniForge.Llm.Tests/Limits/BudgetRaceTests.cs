using System.Globalization;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Tests.Servers;
using CogniForge.ServiceDefaults.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>
/// Hard budgets are hard: with many requests at once, with two replicas, and when Redis or Postgres fails.
/// </summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class BudgetRaceTests(RealServers servers)
{
    private const string ForFifty = """{"budget":{"amount":0.0002,"period":"month"}}""";

    [Fact]
    public async Task Budget_For50With200AtOnceAtTwoReplicas_Serves50()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database);
        await using var other = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await one.NewKeyAsync(ForFifty);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? client : same).ChatWithRetriesAsync())
        );

        Assert.Equal(50, statuses.Count(s => s == 200));
        Assert.All(statuses, s => Assert.True(s is 200 or 402, $"{s}"));
        await Until.EqualAsync(0.0002m, () => new BudgetTables(database).GetLoggedCostAsync(id));
    }

    [Fact]
    public async Task Budget_RedisLosesItsData_ServesTheBudgetAndNoMore()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database);
        await using var other = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await one.NewKeyAsync(ForFifty);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        var served = 0;
        for (var round = 0; round < 4; round++)
        {
            var requests = Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? client : same).ChatWithRetriesAsync());
            var responses = Task.WhenAll(requests.ToList());
            await FlushRedisAsync();
            served += (await responses).Count(s => s == 200);
        }

        Assert.Equal(50, served);
        await Until.EqualAsync(0.0002m, () => new BudgetTables(database).GetLoggedCostAsync(id));
    }

    [Fact]
    public async Task Budget_PostgresAway_IsSpentFromLeasesThenUnavailableUntilItIsBack()
    {
        var database = await servers.NewDatabaseAsync();
        var address = new NpgsqlConnectionStringBuilder(database);
        await using var proxy = new TcpProxy(address.Host!, address.Port);
        (address.Host, address.Port) = ("127.0.0.1", proxy.Port);
        await using var one = await LimitedGateway.OnAsync(servers, address.ConnectionString, lease: "0.1");
        await using var other = await LimitedGateway.OnAsync(servers, address.ConnectionString, lease: "0.1");
        var (id, client) = await one.NewKeyAsync(ForFifty);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal((200, 200), (await client.ChatWithRetriesAsync(), await same.ChatWithRetriesAsync()));
        await Until.EqualAsync(40_000, () => new BudgetTables(database).GetUnusedAsync(id));

        // Each lease covers 5 requests.
        proxy.Unplug();
        var statuses = new List<int>();
        foreach (var c in new[] { client, same })
        {
            for (var i = 0; i < 10; i++)
            {
                statuses.Add(await c.StatusAsync());
            }
        }

        Assert.Equal(Enumerable.Repeat(200, 5).Concat(Enumerable.Repeat(503, 5)), statuses.Take(10));
        Assert.Equal(Enumerable.Repeat(200, 5).Concat(Enumerable.Repeat(503, 5)), statuses.Skip(10));
        using var away = await client.ChatAsync(path: "/v1/messages");
        Assert.Equal(
            "overloaded_error",
            (await away.ReadAsync(503)).GetProperty("error").GetProperty("type").GetString()
        );

        proxy.Plug();
        var rest = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? client : same).ChatWithRetriesAsync())
        );
        Assert.Equal(50, 2 + 10 + rest.Count(s => s == 200));
        await Until.EqualAsync(0.0002m, () => new BudgetTables(database).GetLoggedCostAsync(id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_TwoReplicasWithLeases_IsSpentToItsEndAndNoFurther(bool postgresIsCutOff)
    {
        var database = await servers.NewDatabaseAsync();
        var address = new NpgsqlConnectionStringBuilder(database);
        await using var proxy = new TcpProxy(address.Host!, address.Port);
        (address.Host, address.Port) = ("127.0.0.1", proxy.Port);
        await using var one = await LimitedGateway.OnAsync(servers, address.ConnectionString, lease: "0.2");
        await using var other = await LimitedGateway.OnAsync(servers, address.ConnectionString, lease: "0.2");
        var (_, client) = await one.NewKeyAsync("""{"budget":{"amount":0.004,"period":"month"}}""");
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);

        // It covers 1,000 requests of 4 millionths each.
        var served = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async i =>
                {
                    while (await (i % 2 == 0 ? client : same).ChatWithRetriesAsync() == 200)
                    {
                        if (Interlocked.Increment(ref served) is 300 or 600 && postgresIsCutOff)
                        {
                            proxy.Cut(); // among others, renewals whose outcome the replica does not learn
                        }
                    }
                })
        );
        Assert.Equal(1_000, served);
    }

    [Fact]
    public async Task Budget_HeldByAnOpenRequest_IsHeldOnlyUntilItIsCommitted()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, lease: "0");
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000007,"period":"day"}}""");
        var limiter = gateway.Services.GetRequiredService<Limiter>();
        var open = Reservations.Create(id, 7_000, 0.000007m, BudgetPeriod.Day);
        Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(open, default)).Status);

        using var held = await client.ChatAsync();
        Assert.Equal(
            ("rate_limit_error", "budget_held"),
            await OpenAiError.ReadAsync(held, 429) is var error ? (error.Type, error.Code) : default
        );
        limiter.Commit(open, 3_000, 0);

        Assert.Equal(200, await client.ChatWithRetriesAsync());
        Assert.Equal(402, await client.ChatWithRetriesAsync());
    }

    [Fact]
    public async Task Budget_RemovedAndRestored_CountsWhatWasSpentMeanwhile()
    {
        const string Four = """{"budget":{"amount":0.000016,"period":"month"}}""";
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await gateway.NewKeyAsync(Four);
        Assert.Equal(200, await client.ChatWithRetriesAsync());
        await gateway.SetLimitsAsync(id, "{}");
        await Until.EqualAsync(
            true,
            async () =>
            {
                using var unlimited = await client.ChatAsync();
                return unlimited.Header("x-cogniforge-budget-remaining") is null; // the change has come here
            }
        );
        Assert.Equal(
            (200, 200, 200),
            (await client.StatusAsync(), await client.StatusAsync(), await client.StatusAsync())
        );

        await gateway.SetLimitsAsync(id, Four);

        var budgets = gateway.Services.GetRequiredService<BudgetLimiter>();
        var window = BudgetWindow.At(BudgetPeriod.Month, TimeProvider.System.GetUtcNow());
        await Until.EqualAsync(true, async () => (await budgets.ReadAsync(id, window, default)).Spent >= 5 * 4_000);
        await Until.EqualAsync(402, () => client.StatusAsync());
    }

    private async Task FlushRedisAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true");
        await redis.GetServer(redis.GetEndPoints()[0]).FlushAllDatabasesAsync();
    }
}
