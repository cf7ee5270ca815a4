using CogniForge.Llm.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Hard budgets are hard: with many requests at once, with two replicas, when Redis forgets or goes away, and when a process dies.</summary>
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
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? client : same).AskPatientlyAsync())
        );

        Assert.Equal(50, statuses.Count(s => s == 200));
        Assert.All(statuses, s => Assert.True(s is 200 or 402, $"{s}"));
        await Until.EqualAsync(0.0002m, () => SpentAsync(database, id));
    }

    [Fact]
    public async Task Budget_RedisForgetsEverythingAgainAndAgain_IsRebuiltAndNotOverspent()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database);
        await using var other = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await one.NewKeyAsync(ForFifty);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        var served = 0;
        for (var round = 0; round < 4; round++)
        {
            // While requests are on their way, and before their records are in the database.
            var asking = Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? client : same).AskPatientlyAsync()).ToList();
            await ForgetAsync();
            served += (await Task.WhenAll(asking)).Count(s => s == 200);
        }

        Assert.Equal(50, served);
        await Until.EqualAsync(0.0002m, () => SpentAsync(database, id));
    }

    [Fact]
    public async Task Budget_WithoutRedis_IsSpentFromTheLeaseAndThenUnavailableUntilItIsBack()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0.1");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0.1");
        var (id, client) = await one.NewKeyAsync(ForFifty);
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        var (_, rated) = await one.NewKeyAsync("""{"requestsPerMinute":1}""");
        Assert.Equal(
            (200, 200, 200),
            (await client.AskPatientlyAsync(), await same.AskPatientlyAsync(), await rated.StatusAsync())
        );
        foreach (var gateway in new[] { one, other })
        {
            await Until.EqualAsync(true, () => Task.FromResult(HasLease(gateway, id)));
        }

        int served;
        await servers.CommandRedisAsync("stop");
        try
        {
            // Each lease bears 5 requests.
            var statuses = new List<int>();
            foreach (var c in new[] { client, same })
            {
                for (var i = 0; i < 10; i++)
                {
                    statuses.Add(await c.StatusAsync());
                }
            }

            served = statuses.Count(s => s == 200);
            Assert.Equal(10, served);
            Assert.All(statuses, s => Assert.True(s is 200 or 503, $"{s}"));
            using var away = await client.AskAsync(path: "/v1/messages");
            Assert.Equal(
                "overloaded_error",
                (await away.ReadAsync(503)).GetProperty("error").GetProperty("type").GetString()
            );
            Assert.Equal((200, 429), (await rated.StatusAsync(), await rated.StatusAsync()));
        }
        finally
        {
            await servers.CommandRedisAsync("start");
        }

        var rest = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? client : same).AskPatientlyAsync())
        );
        Assert.Equal(50, 2 + served + rest.Count(s => s == 200));
        await Until.EqualAsync(0.0002m, () => SpentAsync(database, id));
    }

    [Fact]
    public async Task Budget_HeldByAnOpenRequest_IsHeldOnlyUntilItIsSettled()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, lease: "0");
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.000007,"period":"day"}}""");
        var limiter = gateway.Services.GetRequiredService<ILimiter>();
        var open = Claims.Create(id, 7_000);
        Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(open, default)).Status);

        using var held = await client.AskAsync();
        Assert.Equal(
            ("rate_limit_error", "budget_held"),
            await OpenAiError.ReadAsync(held, 429) is var error ? (error.Type, error.Code) : default
        );
        limiter.Commit(open, 3_000, 0);

        Assert.Equal(200, await client.AskPatientlyAsync());
        Assert.Equal(402, await client.AskPatientlyAsync());
    }

    [Fact]
    public async Task Budget_ProcessDied_CountsTheRecordOrWhatWasHeld()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, time, lease: "0");
        var (id, client) = await gateway.NewKeyAsync("""{"budget":{"amount":0.0001,"period":"total"}}""");
        var limiter = gateway.Services.GetRequiredService<ILimiter>();
        Reservation[] lost = [Claims.Create(id, 30_000, time.GetUtcNow()), Claims.Create(id, 40_000, time.GetUtcNow())];
        foreach (var reservation in lost)
        {
            Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(reservation, default)).Status);
        }

        await using (var source = NpgsqlDataSource.Create(database))
        await using (
            var insert = source.CreateCommand(
                "INSERT INTO completion (id, occurred_at, caller, provider, model, input_tokens, output_tokens, duration_ms, cost) VALUES ($1, $2, $3, 'mock', 'mock', 0, 0, 0, 0.00001)"
            )
        )
        {
            insert.Parameters.Add(new() { Value = lost[0].Id });
            insert.Parameters.Add(new() { Value = time.GetUtcNow() });
            insert.Parameters.Add(new() { Value = id });
            await insert.ExecuteNonQueryAsync();
        }

        time.Advance(TimeSpan.FromHours(1));

        // 100,000 less what the record says and what the other held, less what this asks for again and again.
        var left = 0L;
        await Until.EqualAsync(
            true,
            async () =>
            {
                var probe = Claims.Create(id, 1, time.GetUtcNow());
                left = (await limiter.ReserveAsync(probe, default)).BudgetLeft!.Value;
                limiter.Commit(probe, 0, 0);
                return left == 100_000 - 10_000 - 40_000 - 1;
            }
        );
        client.Dispose();
    }

    [Fact]
    public async Task Budget_TakenAwayAndGivenBack_CountsWhatWasSpentMeanwhile()
    {
        const string Four = """{"budget":{"amount":0.000016,"period":"month"}}""";
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var (id, client) = await gateway.NewKeyAsync(Four);
        Assert.Equal(200, await client.AskPatientlyAsync());
        await gateway.SetLimitsAsync(id, "{}");
        await Until.EqualAsync(
            true,
            async () =>
            {
                using var unlimited = await client.AskAsync();
                return unlimited.Header("x-cogniforge-budget-remaining") is null; // the change has come here
            }
        );
        Assert.Equal(
            (200, 200, 200),
            (await client.StatusAsync(), await client.StatusAsync(), await client.StatusAsync())
        );

        await gateway.SetLimitsAsync(id, Four);

        // Known once every replica knows the limits.
        var counts = gateway.Services.GetRequiredService<IBudgetCounts>();
        var window = BudgetWindow.At(BudgetPeriod.Month, TimeProvider.System.GetUtcNow());
        await Until.EqualAsync(true, async () => (await counts.CountAsync(id, window))?.Spent >= 5 * 4_000);
        Assert.Equal(402, await client.StatusAsync());
    }

    private static bool HasLease(LimitedGateway gateway, string id)
    {
        var ledger = gateway.Services.GetRequiredService<LedgerBook>().All.Single(l => l.Key == id);
        return ledger.LeaseLeft >= 20_000;
    }

    private async Task ForgetAsync()
    {
        await using var redis = new Connection(
            await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true")
        );
        await redis.Value.GetServer(redis.Value.GetEndPoints()[0]).FlushAllDatabasesAsync();
    }

    private static async Task<decimal> SpentAsync(string database, string key)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var sum = source.CreateCommand("SELECT coalesce(sum(cost), 0) FROM completion WHERE caller = $1");
        sum.Parameters.Add(new() { Value = key });
        return (decimal)(await sum.ExecuteScalarAsync())!;
    }

    private sealed class Connection(ConnectionMultiplexer value) : IAsyncDisposable
    {
        public ConnectionMultiplexer Value => value;

        public async ValueTask DisposeAsync()
        {
            await value.CloseAsync();
            value.Dispose();
        }
    }
}
