using CogniForge.Llm.Limits;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>What replicas take of large limits beforehand is never more than the limit, and nobody misses it for long.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class SliceTests(RealServers servers)
{
    private const int Requests = 2_000;

    [Fact]
    public async Task Rate_TwoReplicasFarMoreThanTheLimit_GrantTheLimitAndNoMore()
    {
        await using var one = await OnAsync();
        await using var other = await OnAsync();
        var (key, now) = (Guid.CreateVersion7().ToString(), TimeProvider.System.GetUtcNow());
        var results = new List<ReservationResult>();
        for (var i = 0; i < 2 * Requests; i++)
        {
            results.Add(await Limits(i % 3 == 0 ? one : other).ReserveAsync(Rated(key, now), default));
        }

        // The last of what one replica holds is for nobody else until it is put back.
        Assert.InRange(
            results.Count(v => v.Status == ReservationStatus.Granted),
            Requests - (Requests / 100),
            Requests
        );
    }

    [Theory]
    [InlineData(Requests, null)]
    [InlineData(null, 100 * Requests)]
    [InlineData(Requests, 100 * Requests)]
    public async Task Rate_OneReplica_TellsEachRequestWhatIsLeftAndSeldomAsksRedis(int? requests, int? tokens)
    {
        await using var gateway = await OnAsync();
        var (key, now) = (Guid.CreateVersion7().ToString(), TimeProvider.System.GetUtcNow());
        var before = await ScriptsAsync();
        for (var i = 1; i <= Requests / 2; i++)
        {
            var reservation = Rated(key, now) with
            {
                Limits = new() { RequestsPerMinute = requests, TokensPerMinute = tokens },
                Tokens = 100,
            };
            var result = await Limits(gateway).ReserveAsync(reservation, default);
            Assert.Equal(
                (ReservationStatus.Granted, requests - i, tokens - (100 * i)),
                (result.Status, result.Requests?.Remaining, result.Tokens?.Remaining)
            );
        }

        Assert.InRange(await ScriptsAsync() - before, 0, Requests / 2 / 10);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public async Task Rate_OneRequestAfterTheOther_PaysForWhatItNeededAlone(int tokens)
    {
        await using var gateway = await OnAsync();
        var (_, client) = await gateway.NewKeyAsync($$"""{"tokensPerMinute":{{tokens}}}""");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(
                200,
                await client.StatusAsync(
                    $$"""{"model":"mock","messages":[{"role":"user","content":"Hello"}],"max_tokens":{{tokens * 9 / 10}}}"""
                )
            );
        }
    }

    [Fact]
    public async Task Rate_SliceNotUsed_IsPutBackWhenItsTimeIsOver()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var gateway = await OnAsync(time);
        await using var other = await OnAsync(time);
        var key = Guid.CreateVersion7().ToString();
        Assert.Equal(
            Requests - 1,
            (await Limits(gateway).ReserveAsync(Rated(key, time.GetUtcNow()), default)).Requests!.Value.Remaining
        );

        time.Advance(TimeSpan.FromSeconds(1));
        await Until.EqualAsync(
            true,
            async () =>
                (await Limits(other).ReserveAsync(Rated(key, time.GetUtcNow()), default)).Requests!.Value.Remaining
                >= Requests - 20
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Budget_TakenFromTheLeaseByTwoReplicas_IsSpentToItsEndAndNoFurther(bool redisForgets)
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0.2");
        var (id, client) = await one.NewKeyAsync("""{"budget":{"amount":0.004,"period":"month"}}""");
        using var same = other.NewClient(client.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Equal((200, 200), (await client.AskPatientlyAsync(), await same.AskPatientlyAsync()));
        foreach (var gateway in new[] { one, other })
        {
            await Until.EqualAsync(true, () => Task.FromResult(Ledger(gateway, id).LeaseLeft >= 700_000));
        }

        // 1,000 requests of 4 millionths each are all that it bears.
        var served = 2;
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async i =>
                {
                    while (await (i % 2 == 0 ? client : same).AskPatientlyAsync() == 200)
                    {
                        if (Interlocked.Increment(ref served) == 300 && redisForgets)
                        {
                            await RedisAsync(r => r.ExecuteAsync("FLUSHALL"));
                        }
                    }
                })
        );
        Assert.Equal(1_000, served);
    }

    [Fact]
    public async Task Budget_FarFromItsEnd_SeldomAsksRedisAndKeepsHalfTheLeaseForAnOutage()
    {
        await using var gateway = await OnAsync();
        var key = Guid.CreateVersion7().ToString();
        var reservation = Budgeted(key, cost: 1_000);
        Assert.Equal(ReservationStatus.Granted, (await Limits(gateway).ReserveAsync(reservation, default)).Status);
        Limits(gateway).Commit(reservation, 1_000, 0);
        await Until.EqualAsync(true, () => Task.FromResult(Ledger(gateway, key).LeaseLeft == 50_000_000));

        var before = await ScriptsAsync();
        for (var i = 0; i < 500; i++)
        {
            reservation = Budgeted(key, cost: 1_000);
            Assert.Equal(ReservationStatus.Granted, (await Limits(gateway).ReserveAsync(reservation, default)).Status);
            Limits(gateway).Commit(reservation, 1_000, 0);
        }

        Assert.InRange(await ScriptsAsync() - before, 0, 100);
        var large = Budgeted(key, cost: 26_000_000);
        Assert.Equal(ReservationStatus.Granted, (await Limits(gateway).ReserveAsync(large, default)).Status);
        Assert.InRange(Ledger(gateway, key).LeaseLeft, 49_000_000, 50_000_000); // Redis was asked
    }

    [Fact]
    public async Task Budget_OneRequestAfterTheOther_IsHeldByNoneThatHasEnded()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");
        var key = Guid.CreateVersion7().ToString();
        for (var i = 0; i < 8; i++)
        {
            // Each may cost nine tenths of the budget, and costs one.
            var reservation = Budgeted(key, cost: 900_000_000);
            Assert.Equal(ReservationStatus.Granted, (await Limits(gateway).ReserveAsync(reservation, default)).Status);
            Limits(gateway).Commit(reservation, 10_000_000, 0);
        }
    }

    [Fact]
    public async Task Budget_AnswerOfRedisIsLost_CountsEachCostOnce()
    {
        await using var gateway = await OnAsync();
        var key = Guid.CreateVersion7().ToString();
        await Limits(gateway).ReserveAsync(Budgeted(key, cost: 0), default);
        var ledger = Ledger(gateway, key);
        await Until.EqualAsync(true, () => Task.FromResult(ledger.LeaseLeft > 0));
        var reservation = Budgeted(key, cost: 9_000);
        Assert.Equal(ReservationStatus.Granted, (await Limits(gateway).ReserveAsync(reservation, default)).Status);
        ledger.Settle(reservation.Id, 5_000);
        var report = ledger.Report([(reservation.Id, 5_000)], TimeProvider.System.GetUtcNow());
        Assert.Equal(5_000, report!.Leased);

        for (var told = 0; told < 2; told++)
        {
            (ledger.Unconfirmed, ledger.MustEnter) = (report, true); // as after a call without an answer
            Assert.Equal(1_000_000_000 - 5_000, (await AskRedisAsync(gateway, key)).BudgetLeft);
        }
    }

    [Fact]
    public async Task Budget_ReplicaStops_GivesItsLeaseBack()
    {
        var key = Guid.CreateVersion7().ToString();
        await using (var gateway = await OnAsync())
        {
            Assert.Equal(
                ReservationStatus.Granted,
                (await Limits(gateway).ReserveAsync(Budgeted(key, cost: 1_000), default)).Status
            );
            await Until.EqualAsync(true, () => Task.FromResult(Ledger(gateway, key).LeaseLeft > 0));
        }

        await using var next = await OnAsync();
        Assert.Equal(
            1_000_000_000 - 2_000,
            (await Limits(next).ReserveAsync(Budgeted(key, cost: 1_000), default)).BudgetLeft
        );
    }

    [Fact]
    public async Task Budget_MadeSmaller_IsNotOverspentFromTheLeaseOfTheLarger()
    {
        await using var gateway = await OnAsync();
        var key = Guid.CreateVersion7().ToString();
        var reservation = Budgeted(key, cost: 1_000);
        await Limits(gateway).ReserveAsync(reservation, default);
        Limits(gateway).Commit(reservation, 1_000, 0);
        await Until.EqualAsync(true, () => Task.FromResult(Ledger(gateway, key).LeaseLeft > 0));

        Assert.Equal(
            ReservationStatus.BudgetExceeded,
            (await Limits(gateway).ReserveAsync(Budgeted(key, cost: 2_000, amount: 0.000002m), default)).Status
        );
    }

    [Fact]
    public async Task Budget_OfAReplicaThatDied_CountsWhatItsOpenRequestsHeld()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var gateway = await OnAsync(time);
        var key = Guid.CreateVersion7().ToString();
        await Limits(gateway).ReserveAsync(Budgeted(key, cost: 0, at: time.GetUtcNow()), default);
        await LeaseToAnotherAsync(Ledger(gateway, key), time, held: 7_000);

        time.Advance(TimeSpan.FromMinutes(11));
        await Until.EqualAsync(
            (ReservationStatus.Granted, 1_000_000_000 - 7_000),
            async () =>
            {
                var result = await Limits(gateway).ReserveAsync(Budgeted(key, cost: 0, at: time.GetUtcNow()), default);
                return (result.Status, result.BudgetLeft ?? 0);
            }
        );
    }

    [Fact]
    public async Task Budget_RebuiltForAReplicaThatDied_StillCountsWhatTheDatabaseDoesNotKnowYet()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var gateway = await OnAsync(time);
        var key = Guid.CreateVersion7().ToString();
        var reservation = Budgeted(key, cost: 5_000, at: time.GetUtcNow());
        await Limits(gateway).ReserveAsync(reservation, default);
        Limits(gateway).Commit(reservation, 5_000, 0);
        await LeaseToAnotherAsync(Ledger(gateway, key), time, held: 7_000);

        time.Advance(TimeSpan.FromMinutes(11));
        await Until.EqualAsync(
            (ReservationStatus.Granted, 1_000_000_000 - 7_000 - 5_000),
            async () =>
            {
                var result = await Limits(gateway).ReserveAsync(Budgeted(key, cost: 0, at: time.GetUtcNow()), default);
                return (result.Status, result.BudgetLeft ?? 0);
            }
        );
    }

    /// <summary>Leases a part of a budget to a replica of which nothing more is heard.</summary>
    private async Task LeaseToAnotherAsync(Ledger ledger, FakeTimeProvider time, long held)
    {
        var dies = time.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds();
        var leased = await RedisAsync(redis =>
            redis.ScriptEvaluateAsync(
                RedisScripts.Lease,
                [LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger)],
                [
                    time.GetUtcNow().ToUnixTimeMilliseconds(),
                    ledger.Epoch,
                    "lease:other",
                    50_000,
                    dies,
                    1_000_000_000,
                    held,
                ]
            )
        );
        Assert.Equal(50_000, (long)((RedisResult[])leased!)[1]);
    }

    private async Task<LimitedGateway> OnAsync(TimeProvider? time = null) =>
        await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), time);

    /// <summary>A claim of nothing that is not answered from the lease.</summary>
    private static ValueTask<ReservationResult> AskRedisAsync(LimitedGateway gateway, string key) =>
        Limits(gateway).ReserveAsync(Budgeted(key, cost: 0), default);

    private static ILimiter Limits(LimitedGateway gateway) => gateway.Services.GetRequiredService<ILimiter>();

    private static Ledger Ledger(LimitedGateway gateway, string key) =>
        gateway.Services.GetRequiredService<LedgerBook>().All.Single(l => l.Key == key);

    private static Reservation Rated(string key, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Limits = new() { RequestsPerMinute = Requests },
            At = now,
            Expires = now.AddMinutes(11),
        };

    private static Reservation Budgeted(string key, long cost, decimal amount = 1, DateTimeOffset? at = null) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Limits = new()
            {
                Budget = new() { Amount = amount, Period = BudgetPeriod.Total },
            },
            At = at ?? TimeProvider.System.GetUtcNow(),
            Expires = (at ?? TimeProvider.System.GetUtcNow()).AddMinutes(11),
            MaxCost = new(cost, 0),
        };

    /// <summary>How many scripts Redis has run.</summary>
    private Task<long> ScriptsAsync() =>
        RedisAsync(async r =>
        {
            var statistics = (string?)await r.ExecuteAsync("INFO", "commandstats");
            return statistics!
                .Split('\n')
                .Where(l => l.StartsWith("cmdstat_eval", StringComparison.Ordinal))
                .Sum(l => long.Parse(l.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
        });

    private async Task<T> RedisAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true");
        return await ask(redis.GetDatabase());
    }
}
