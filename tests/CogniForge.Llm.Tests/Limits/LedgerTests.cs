using CogniForge.Llm.Limits;
using CogniForge.Llm.Redis;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>What a replica and Redis know of a budget comes together whatever happens meanwhile: each cost is counted, and once.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class LedgerTests(RealServers servers)
{
    private const long Whole = 1_000_000_000;

    [Fact]
    public async Task Settled_WhileTheReplicaEnters_IsTold()
    {
        await using var gateway = await OnAsync();
        var (limiter, book) = (Get<ILimiter>(gateway), Get<LedgerBook>(gateway));
        var reservation = Create(Guid.CreateVersion7().ToString(), 900_000_000);
        Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(reservation, default)).Status);
        var ledger = book.All.Single(l => l.Key == reservation.Key);
        ledger.MustEnter = true;

        await RedisAsync(r => r.ExecuteAsync("CLIENT", "PAUSE", "300", "ALL"));
        var entering = book.EnterAsync(ledger, default).AsTask();
        limiter.Commit(reservation, 1_000, 0);

        Assert.True(await entering);
        await Until.EqualAsync(new BudgetCount(1_000, 0), () => CountAsync(gateway, ledger));
    }

    [Fact]
    public async Task Settled_LongAgoWhenABudgetIsRebuilt_IsNotTidiedAwayMeanwhile()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        await using var gateway = await OnAsync();
        LedgerBook book = null!;
        book = new(
            Get<RedisConnection>(gateway),
            new Spends(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                book.Tidy();
            }),
            time
        );
        var reservation = Create(Guid.CreateVersion7().ToString(), 5_000, time.GetUtcNow());
        var ledger = book.Of(reservation.Key, reservation.Limits.Budget!, reservation.At);
        ledger.Use(Whole, time.GetUtcNow());
        Assert.True(await book.EnterAsync(ledger, default));
        ledger.Granted(reservation, 5_000, ledger.Epoch);
        ledger.Settle(reservation.Id, 5_000);
        await book.TellAsync(ledger, [(reservation.Id, 5_000)]);
        ledger.Stored(reservation.Id, time.GetUtcNow());
        time.Advance(TimeSpan.FromSeconds(14.5));

        await ForgetAsync(ledger);
        ledger.MustEnter = true;

        Assert.True(await book.EnterAsync(ledger, default));
        Assert.Equal(5_000, (await CountAsync(gateway, ledger)).Spent);
    }

    [Fact]
    public async Task Report_ConfirmedAfterRedisMayHaveForgottenIt_IsCountedOnce()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, time);
        await using var other = await LimitedGateway.OnAsync(servers, database, time, lease: "0");
        var (limiter, book, key) = (Get<ILimiter>(gateway), Get<LedgerBook>(gateway), Guid.CreateVersion7().ToString());
        await limiter.ReserveAsync(Create(key, 0, time.GetUtcNow()), default);
        var ledger = book.All.Single(l => l.Key == key);
        await Until.EqualAsync(true, () => Task.FromResult(ledger.LeaseLeft > 0));
        var reservation = Create(key, 9_000, time.GetUtcNow());
        await limiter.ReserveAsync(reservation, default);
        ledger.Settle(reservation.Id, 5_000);
        var report = ledger.Report([(reservation.Id, 5_000)], time.GetUtcNow());
        (ledger.Unconfirmed, ledger.MustEnter) = (report, true);
        Assert.True(await book.EnterAsync(ledger, default));

        time.Advance(TimeSpan.FromMinutes(3));
        var forgets = Create(key, 1, time.GetUtcNow());
        await Get<ILimiter>(other).ReserveAsync(forgets, default);
        Get<ILimiter>(other).Commit(forgets, 0, 0);
        await Get<Settlements>(other).FlushAsync();
        (ledger.Unconfirmed, ledger.MustEnter) = (report, true); // as if its answer had been lost then, and Redis been away until now

        Assert.True(await book.EnterAsync(ledger, default));
        Assert.Equal(5_000, (await CountAsync(gateway, ledger)).Spent);
    }

    [Fact]
    public async Task Budget_ThatCannotBeRebuilt_HoldsUpNoOtherKey()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, lease: "0");
        var (limiter, book) = (Get<ILimiter>(gateway), Get<LedgerBook>(gateway));
        var (stuck, well) = (
            Create(Guid.CreateVersion7().ToString(), 1_000),
            Create(Guid.CreateVersion7().ToString(), 900_000_000)
        );
        foreach (var reservation in new[] { stuck, well })
        {
            Assert.Equal(ReservationStatus.Granted, (await limiter.ReserveAsync(reservation, default)).Status);
        }

        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (
            var command = new NpgsqlCommand("LOCK TABLE completion IN ACCESS EXCLUSIVE MODE", connection, transaction)
        )
        {
            await command.ExecuteNonQueryAsync();
        }

        var ledger = book.All.Single(l => l.Key == stuck.Key);
        await ForgetAsync(ledger);

        var waiting = limiter.ReserveAsync(Create(stuck.Key, 1_000), default).AsTask();
        await Until.EqualAsync(true, () => Task.FromResult(ledger.Telling.CurrentCount == 0));
        limiter.Commit(stuck, 1_000, 0);
        limiter.Commit(well, 1_000, 0);

        Assert.Equal(
            ReservationStatus.Granted,
            (await limiter.ReserveAsync(Create(well.Key, 900_000_000), default)).Status
        );
        Assert.False(waiting.IsCompleted);
        await transaction.RollbackAsync();
        Assert.NotEqual(ReservationStatus.BudgetExceeded, (await waiting).Status);
    }

    private async Task<LimitedGateway> OnAsync() =>
        await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");

    private static T Get<T>(LimitedGateway gateway)
        where T : notnull => gateway.Services.GetRequiredService<T>();

    private static async Task<BudgetCount> CountAsync(LimitedGateway gateway, Ledger ledger) =>
        (await Get<IBudgetCounts>(gateway).CountAsync(ledger.Key, ledger.Window))!.Value;

    private static Reservation Create(string key, long cost, DateTimeOffset? at = null)
    {
        var now = at ?? TimeProvider.System.GetUtcNow();
        return new()
        {
            Id = Guid.CreateVersion7(),
            Key = key,
            Limits = new()
            {
                Budget = new() { Amount = NanoUsd.ToUsd(Whole), Period = BudgetPeriod.Total },
            },
            At = now,
            Expires = now.AddMinutes(11),
            MaxCost = new(cost, 0),
        };
    }

    private Task<long> ForgetAsync(Ledger ledger) =>
        RedisAsync(r =>
            r.KeyDeleteAsync([LedgerBook.BudgetKey(ledger), LedgerBook.OpenKey(ledger), LedgerBook.SeenKey(ledger)])
        );

    private async Task<T> RedisAsync<T>(Func<IDatabase, Task<T>> ask)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.Redis + ",allowAdmin=true");
        return await ask(redis.GetDatabase());
    }

    /// <summary>A database in which nothing is, and what happens while it is asked.</summary>
    private sealed class Spends(Action meanwhile) : ISpendStore
    {
        public Task<Spent> SpentAsync(
            string key,
            BudgetWindow window,
            IReadOnlyCollection<Guid> except,
            CancellationToken cancellationToken
        )
        {
            meanwhile();
            return Task.FromResult(new Spent(0, []));
        }

        public Task<IReadOnlyDictionary<Guid, decimal?>> CostsAsync(
            IReadOnlyCollection<Guid> ids,
            CancellationToken cancellationToken
        ) => Task.FromResult<IReadOnlyDictionary<Guid, decimal?>>(new Dictionary<Guid, decimal?>());
    }
}
