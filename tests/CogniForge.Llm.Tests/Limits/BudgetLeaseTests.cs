using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>Whatever happens to a lease, each cost counts, and once.</summary>
[Trait("Category", "Servers")]
[Collection(RealServersCollection.Name)]
public class BudgetLeaseTests(RealServers servers)
{
    private const long Whole = 1_000_000_000;
    private readonly string _key = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task Reserve_FarFromTheEnd_SeldomAsksPostgres()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        for (var i = 0; i < 500; i++)
        {
            await SpendAsync(gateway, 1_000);
        }

        await Until.EqualAsync(50_000_000, () => new BudgetTables(database).GetUnusedAsync(_key));
        Assert.InRange(await new BudgetTables(database).GetRenewalsAsync(_key), 1, 100);
    }

    [Fact]
    public async Task Reserve_OneAfterTheOther_HoldsNothingOfThoseThatEnded()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");
        for (var i = 0; i < 8; i++)
        {
            // Each may cost nine tenths of the budget, and costs one hundredth.
            await SpendAsync(gateway, 900_000_000, actual: 10_000_000);
        }
    }

    [Fact]
    public async Task Reserve_BudgetMadeSmaller_DoesNotUseTheLargerLease()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync());
        await SpendAsync(gateway, 1_000);

        Assert.Equal(
            ReservationStatus.BudgetExceeded,
            (await ReserveAsync(gateway, Reservations.Create(_key, 2_000, amount: 0.000002m))).Status
        );
        await AssertRemainingAsync(gateway, 1_000, amount: 0.000002m);
    }

    [Fact]
    public async Task Reserve_BudgetMadeSmallerWithOpenRequests_DoesNotSpendWhatTheyGiveBack()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync(), lease: "0");
        await SpendAsync(gateway, 50_000);
        var open = Reservations.Create(_key, 40_000);
        await ReserveAsync(gateway, open);
        Assert.Equal(
            ReservationStatus.BudgetHeld,
            (await ReserveAsync(gateway, Reservations.Create(_key, 1_000, amount: 0.00006m))).Status
        );

        gateway.Services.GetRequiredService<Limiter>().Commit(open, 0, 0);

        await AssertRemainingAsync(gateway, 10_000, amount: 0.00006m);
        Assert.NotEqual(
            ReservationStatus.Granted,
            (await ReserveAsync(gateway, Reservations.Create(_key, 20_000, amount: 0.00006m))).Status
        );
    }

    [Fact]
    public async Task Renew_RequestsCheaperThanReserved_ReturnsTheSurplus()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        await SpendAsync(gateway, 900_000_000, actual: 1_000);

        await Until.EqualAsync(50_000_000, () => new BudgetTables(database).GetUnusedAsync(_key));
    }

    [Fact]
    public async Task Reserve_ReplicaIdle_ReturnsWhatAnotherNeeds()
    {
        var database = await servers.NewDatabaseAsync();
        await using var one = await LimitedGateway.OnAsync(servers, database, lease: "0.25");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0.25");
        await SpendAsync(one, 1_000);

        await Until.EqualAsync(
            ReservationStatus.Granted,
            async () => (await ReserveAsync(other, Reservations.Create(_key, Whole - 1_000))).Status
        );
    }

    [Fact]
    public async Task Stop_OpenRequest_KeepsOnlyWhatItHolds()
    {
        var database = await servers.NewDatabaseAsync();
        await using (var gateway = await LimitedGateway.OnAsync(servers, database))
        {
            await SpendAsync(gateway, 5_000);
            await ReserveAsync(gateway, Reservations.Create(_key, 1_000));
        }

        await using var next = await LimitedGateway.OnAsync(servers, database);
        await AssertRemainingAsync(next, Whole - 6_000);
    }

    [Fact]
    public async Task Expire_ReplicaDied_CountsWhatItSpentAndHeld()
    {
        var database = await servers.NewDatabaseAsync();
        await using var dead = await LimitedGateway.OnAsync(servers, database);
        await SpendAsync(dead, 5_000);
        await ReserveAsync(dead, Reservations.Create(_key, 7_000));
        await Until.EqualAsync(50_000_000, () => new BudgetTables(database).GetUnusedAsync(_key));
        await using var alive = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await new BudgetTables(database).ExpireLeasesAsync(_key);

        await AssertRemainingAsync(alive, Whole - 12_000);
    }

    [Fact]
    public async Task Expire_ReplicaWasCutOff_GoesOnAndCountsOnce()
    {
        var database = await servers.NewDatabaseAsync();
        await using var slow = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await using var other = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await SpendAsync(slow, 5_000);
        var open = Reservations.Create(_key, 4_000);
        await ReserveAsync(slow, open);
        var store = slow.Services.GetRequiredService<IBudgetStore>();
        await Until.EqualAsync(new(5_000, 4_000), () => ReadAsync(store));
        await new BudgetTables(database).ExpireLeasesAsync(_key);
        await SpendAsync(other, 1_000);

        slow.Services.GetRequiredService<Limiter>().Commit(open, 3_000, 0);
        await SpendAsync(slow, 2_000);

        await Until.EqualAsync(new(11_000, 0), () => ReadAsync(store));
    }

    [Fact]
    public async Task Renew_SentTwiceOrLate_CountsOnce()
    {
        await using var gateway = await LimitedGateway.OnAsync(servers, await servers.NewDatabaseAsync());
        var store = gateway.Services.GetRequiredService<IBudgetStore>();
        var first = CreateRenewal(version: 1, spent: 1_000, keep: 1_000) with { MaxCost = 9_000 };
        var second = first with { Version = 2, IsNew = false, Spent = 4_000, Keep = 10_000, MaxCost = 50_000 };

        Assert.Equal(10_000, (await store.RenewAsync(first, default))!.Allowance);
        Assert.Equal(54_000, (await store.RenewAsync(second, default))!.Allowance);
        Assert.Null(await store.RenewAsync(first, default));
        Assert.Null(await store.RenewAsync(second, default));

        Assert.Equal(new BudgetUsage(4_000, 0), await ReadAsync(store));
        var another = CreateRenewal(version: 1, spent: 0, keep: 0) with { Lease = Guid.CreateVersion7() };
        Assert.Equal(Whole - 54_000, (await store.RenewAsync(another, default))!.Available);
    }

    [Fact]
    public async Task Reconcile_LogHasMore_CountsIt()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var store = gateway.Services.GetRequiredService<IBudgetStore>();
        await store.RenewAsync(CreateRenewal(version: 1, spent: 0, keep: 0), default);
        await store.EndAsync(_lease, 3_000, default);
        await new BudgetTables(database).LogAsync(_key, 0.000003m, secondsAgo: 60);
        await new BudgetTables(database).LogAsync(_key, 0.000002m, secondsAgo: 60);

        for (var i = 0; i < 2; i++)
        {
            await store.ReconcileAsync(_key, _window, default);
            Assert.Equal(5_000, (await ReadAsync(store)).Spent);
        }
    }

    [Fact]
    public async Task Reconcile_LogIsAheadOfALease_CountsOnce()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database);
        var store = gateway.Services.GetRequiredService<IBudgetStore>();
        await store.RenewAsync(CreateRenewal(version: 1, spent: 0, keep: 0), default);
        await new BudgetTables(database).LogAsync(_key, 0.000003m, secondsAgo: 0);

        await store.ReconcileAsync(_key, _window, default);
        await store.RenewAsync(CreateRenewal(version: 2, spent: 3_000, keep: 3_000) with { IsNew = false }, default);

        Assert.Equal(3_000, (await ReadAsync(store)).Spent);
    }

    [Fact]
    public async Task Reserve_LogOfAnotherKeyIsSlow_IsGranted()
    {
        var database = await servers.NewDatabaseAsync();
        await using var gateway = await LimitedGateway.OnAsync(servers, database, lease: "0");
        await SpendAsync(gateway, 1_000);
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "LOCK TABLE completion IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync();

        var other = Reservations.Create(Guid.CreateVersion7().ToString(), 1_000);
        var waiting = ReserveAsync(gateway, other);

        await SpendAsync(gateway, 900_000_000, actual: 0);
        Assert.False(waiting.IsCompleted);
        await transaction.RollbackAsync();
        Assert.NotEqual(ReservationStatus.BudgetExceeded, (await waiting).Status);
    }

    private readonly Guid _lease = Guid.CreateVersion7();
    private readonly BudgetWindow _window = BudgetWindow.At(BudgetPeriod.Total, TimeProvider.System.GetUtcNow());

    private LeaseRenewal CreateRenewal(int version, long spent, long keep) =>
        new()
        {
            Lease = _lease,
            Key = _key,
            Window = _window,
            Version = version,
            IsNew = true,
            Amount = Whole,
            Spent = spent,
            Held = 0,
            Keep = keep,
            Reserve = 0,
        };

    private Task<BudgetUsage> ReadAsync(IBudgetStore store) => store.ReadAsync(_key, _window, null, default);

    private async Task SpendAsync(LimitedGateway gateway, long cost, long? actual = null)
    {
        var reservation = Reservations.Create(_key, cost);
        Assert.Equal(ReservationStatus.Granted, (await ReserveAsync(gateway, reservation)).Status);
        gateway.Services.GetRequiredService<Limiter>().Commit(reservation, actual ?? cost, 0);
    }

    private async Task AssertRemainingAsync(LimitedGateway gateway, long remaining, decimal amount = 1) =>
        Assert.Equal(
            (ReservationStatus.Granted, remaining),
            await ReserveAsync(gateway, Reservations.Create(_key, 0, amount)) is var result
                ? (result.Status, result.BudgetRemaining)
                : default
        );

    private static async Task<ReservationResult> ReserveAsync(LimitedGateway gateway, Reservation reservation) =>
        await gateway.Services.GetRequiredService<Limiter>().ReserveAsync(reservation, default);
}
