using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CogniForge.Llm.Pricing;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>
/// Keeps hard budgets over all replicas: grants from leases in memory, and renews them from the store. Without the
/// store it goes on with what it has leased. See README.md.
/// </summary>
internal sealed class BudgetLimiter(IBudgetStore store, LimitsOptions options, TimeProvider time)
{
    private const int Parallelism = 4;
    private static readonly TimeSpan _storeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _renewalInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Key, BudgetWindow Window), BudgetLease> _leases = new();

    public IEnumerable<BudgetLease> Leases => _leases.Values;

    /// <summary>Publishes what remains of the budgets in use.</summary>
    public void AddMetrics(Meter meter) =>
        meter.CreateObservableGauge(
            "cogniforge.llm.budget.remaining",
            () =>
                from lease in _leases.Values
                let remaining = lease.Remaining
                where remaining is not null && lease.Window.Contains(time.GetUtcNow())
                select new Measurement<double>(
                    (double)NanoUsd.ToUsd(remaining.Value),
                    new KeyValuePair<string, object?>("key", lease.Key)
                ),
            "{USD}",
            "What remains of the budgets of keys and projects in use"
        );

    /// <summary>
    /// Reserves the most that a request may cost, or as many of its output tokens as the budget covers.
    /// </summary>
    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        while (reservation.Limits.Budget is { } budget)
        {
            var (lease, amount) = (GetLease(reservation.Key, budget, reservation.At), NanoUsd.FromUsd(budget.Amount));
            var result =
                lease.TryReserve(reservation, amount, time.GetUtcNow(), isRenewed: false)
                ?? await RenewAndReserveAsync(lease, reservation, amount, cancellationToken);
            if (result is { } final)
            {
                return final;
            }
        }

        return new(ReservationStatus.Granted, reservation.MaxOutputTokens);
    }

    /// <summary>Replaces what a granted request held by what it has cost, in billionths of a USD.</summary>
    public void Commit(Reservation reservation, long cost) => Commit(reservation, reservation.WantedCost, cost);

    /// <summary>Gives back a part of what a granted request holds, in billionths of a USD.</summary>
    public void Release(Reservation reservation, long amount) => Commit(reservation, amount, cost: 0);

    /// <summary>Reads the state of a budget in the current period.</summary>
    /// <param name="key">What the budget is kept under.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<BudgetReport> ReportAsync(string key, Budget budget, CancellationToken cancellationToken)
    {
        var window = BudgetWindow.At(budget.Period, time.GetUtcNow());
        return BudgetReport.Create(budget, window, await ReadAsync(key, window, cancellationToken));
    }

    /// <summary>
    /// The use of a budget over all replicas. What other replicas report is up to a few seconds old.
    /// </summary>
    public async Task<BudgetUsage> ReadAsync(string key, BudgetWindow window, CancellationToken cancellationToken)
    {
        // The log first: a request that ends in between must not count as logged and still be held.
        var lease = _leases.GetValueOrDefault((key, window));
        var others = await store.ReadAsync(key, window, lease?.Usage.Id, cancellationToken);
        var (_, spent, held) = lease?.Usage ?? default;
        return others with { Spent = others.Spent + spent, Held = others.Held + held };
    }

    /// <summary>Reports what leases have used, returns what they do not use, and ends those that are idle.</summary>
    /// <returns>The first failure, if any; the next call tries again.</returns>
    public Task<Exception?> RenewLeasesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = _leases.Values.Where(l => l.IsDue(now, _renewalInterval));
        return RenewAsync(due, options.Lease, unusedSince: now - _idle, cancellationToken);
    }

    /// <summary>Ends all leases; one with open requests keeps only what they hold.</summary>
    public Task EndLeasesAsync() =>
        RenewAsync(_leases.Values, reserve: 0, unusedSince: DateTimeOffset.MaxValue, CancellationToken.None);

    private BudgetLease GetLease(string key, Budget budget, DateTimeOffset at) =>
        _leases.GetOrAdd((key, BudgetWindow.At(budget.Period, at)), static id => new(id.Key, id.Window));

    private void Commit(Reservation reservation, long held, long cost)
    {
        if (reservation.Limits.Budget is { } budget)
        {
            GetLease(reservation.Key, budget, reservation.At).Commit(held, cost);
        }
    }

    /// <returns>The result; null: the lease has ended meanwhile, and the request needs another one.</returns>
    private async Task<ReservationResult?> RenewAndReserveAsync(
        BudgetLease lease,
        Reservation reservation,
        long amount,
        CancellationToken cancellationToken
    )
    {
        var waitingSince = time.GetTimestamp();
        await lease.Renewing.WaitAsync(cancellationToken);
        try
        {
            // Another request may have renewed the lease meanwhile, or failed to.
            var isAway = lease.FailedAt >= waitingSince;
            var result = lease.TryReserve(reservation, amount, time.GetUtcNow(), isRenewed: isAway);
            if (isAway)
            {
                return result ?? Refuse(ReservationStatus.Unavailable);
            }

            if (result is not null || lease.IsClosed)
            {
                return result;
            }

            await RenewAsync(lease, amount, reservation, options.Lease);
            if (lease.TryReserve(reservation, amount, time.GetUtcNow(), isRenewed: true) is { } renewed)
            {
                return renewed;
            }

            lease.StopUsingRest(); // too little for this request, but maybe enough for one of another replica
            return Refuse(ReservationStatus.BudgetHeld);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e) || e is OperationCanceledException)
        {
            lease.FailedAt = time.GetTimestamp();
            return lease.TryReserve(reservation, amount, time.GetUtcNow(), isRenewed: true)
                ?? Refuse(ReservationStatus.Unavailable);
        }
        finally
        {
            lease.Renewing.Release();
        }

        ReservationResult Refuse(ReservationStatus status) => new(status, BudgetRemaining: lease.Remaining);
    }

    private async Task<Exception?> RenewAsync(
        IEnumerable<BudgetLease> leases,
        decimal reserve,
        DateTimeOffset unusedSince,
        CancellationToken cancellationToken
    )
    {
        Exception? failure = null;
        await Parallel.ForEachAsync(
            leases,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (lease, _) =>
            {
                try
                {
                    await RenewOrEndAsync(lease, reserve, unusedSince);
                }
                catch (Exception e)
                {
                    failure ??= e;
                }
            }
        );
        return failure;
    }

    /// <summary>Renews a lease without a request, unless a request renews it right now.</summary>
    private async Task RenewOrEndAsync(BudgetLease lease, decimal reserve, DateTimeOffset unusedSince)
    {
        if (!await lease.Renewing.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            await RenewAsync(lease, amount: null, reservation: null, reserve);
            if (lease.TryStop(unusedSince))
            {
                using var timeout = new CancellationTokenSource(_storeTimeout);
                await store.EndAsync(lease.Usage.Id, lease.Usage.Spent, timeout.Token);
                lease.IsClosed = true;
                _leases.TryRemove((lease.Key, lease.Window), out _);
            }
        }
        finally
        {
            lease.Renewing.Release();
        }
    }

    private async Task RenewAsync(BudgetLease lease, long? amount, Reservation? reservation, decimal reserve)
    {
        // Not with the client's token: the store would go on, and only the timeout bounds how long others wait.
        using var timeout = new CancellationTokenSource(_storeTimeout);
        LeaseRenewal renewal;
        LeaseGrant? grant;
        DateTimeOffset sentAt;
        do
        {
            sentAt = time.GetUtcNow();
            renewal = lease.CreateRenewal(amount, reserve, reservation, sentAt);
            grant = await store.RenewAsync(renewal, timeout.Token);
        } while (!lease.Apply(renewal, grant, sentAt));
    }
}
