using CogniForge.Llm.Limits;
using CogniForge.Llm.Limits.Budgets;

namespace CogniForge.Llm.Tests.Limits;

/// <summary>A replica's leases while the store is slow.</summary>
public class BudgetLimiterTests
{
    [Fact]
    public async Task Reserve_LeaseEndsMeanwhile_GetsAnother()
    {
        var time = new FakeTimeProvider(TestTime.Start);
        var store = new SlowEnd();
        var budgets = new BudgetLimiter(store, new() { Lease = 0 }, time);
        var reservation = Reservations.Create("key", 1_000);
        Assert.Equal(ReservationStatus.Granted, (await budgets.ReserveAsync(reservation, default)).Status);
        budgets.Commit(reservation, 1_000);
        time.Advance(TimeSpan.FromMinutes(2));
        var maintenance = budgets.RenewLeasesAsync(default);
        await store.Ending.Task;

        var waiting = budgets.ReserveAsync(reservation, default).AsTask();
        Assert.False(waiting.IsCompleted);
        store.Ended.SetResult();

        Assert.Null(await maintenance);
        Assert.Equal(ReservationStatus.Granted, (await waiting).Status);
        Assert.Equal(
            new BudgetUsage(1_000, 1_000),
            await budgets.ReadAsync("key", BudgetWindow.At(BudgetPeriod.Total, time.GetUtcNow()), default)
        );
    }

    /// <summary>A store that takes its time to end a lease.</summary>
    private sealed class SlowEnd : IBudgetStore
    {
        private readonly InMemoryBudgetStore _store = new();

        public TaskCompletionSource Ending { get; } = new();

        public TaskCompletionSource Ended { get; } = new();

        public Task<LeaseGrant?> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken) =>
            _store.RenewAsync(renewal, cancellationToken);

        public async Task EndAsync(Guid lease, long spent, CancellationToken cancellationToken)
        {
            Ending.SetResult();
            await Ended.Task;
            await _store.EndAsync(lease, spent, cancellationToken);
        }

        public Task<BudgetUsage> ReadAsync(
            string key,
            BudgetWindow window,
            Guid? exceptLease,
            CancellationToken cancellationToken
        ) => _store.ReadAsync(key, window, exceptLease, cancellationToken);

        public Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
            _store.ReconcileAsync(key, window, cancellationToken);
    }
}
