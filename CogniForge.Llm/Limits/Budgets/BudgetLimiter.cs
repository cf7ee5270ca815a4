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
    private const int MaxRenewals = 3;
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
    public ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var (lease, amount) = (GetLease(reservation), NanoUsd.FromUsd(reservation.Limits.Budget!.Amount));
        return lease.TryReserve(reservation, amount, time.GetUtcNow(), mayCut: false) is { } result
            ? new(result)
            : RenewAndReserveAsync(lease, reservation, amount, cancellationToken);
    }

    /// <summary>Replaces what a granted request held by what it has cost, in billionths of a USD.</summary>
    public void Commit(Reservation reservation, long cost) => GetLease(reservation).Commit(reservation, cost);

    /// <summary>Gives back a part of what a granted request holds, in billionths of a USD.</summary>
    public void Release(Reservation reservation, long amount) => GetLease(reservation).Release(amount);

    /// <summary>
    /// The use of a budget over all replicas. What other replicas report is up to a few seconds old.
    /// </summary>
    public async Task<BudgetUsage> ReadAsync(string key, BudgetWindow window, CancellationToken cancellationToken)
    {
        var lease = _leases.GetValueOrDefault((key, window));
        var others = await store.ReadAsync(key, window, lease?.Usage.Id, cancellationToken);
        var (_, spent, held) = lease?.Usage ?? default;
        return new((others?.Spent ?? 0) + spent, (others?.Held ?? 0) + held);
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

    private BudgetLease GetLease(Reservation reservation)
    {
        var id = (reservation.Key, BudgetWindow.At(reservation.Limits.Budget!.Period, reservation.At));
        return _leases.TryGetValue(id, out var lease) ? lease : _leases.GetOrAdd(id, static i => new(i.Key, i.Item2));
    }

    private async ValueTask<ReservationResult> RenewAndReserveAsync(
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
            var result = lease.TryReserve(reservation, amount, time.GetUtcNow(), mayCut: isAway);
            var isFull = isAway || lease.IsClosed;
            for (var tries = 0; result is null && !isFull && tries < MaxRenewals; tries++)
            {
                await RenewAsync(lease, amount, reservation, options.Lease);
                result = lease.TryReserve(reservation, amount, time.GetUtcNow(), mayCut: true);

                // Otherwise smaller requests have taken what this one has leased.
                isFull = lease.Remaining < reservation.LeastCost;
            }

            if ((result ?? (isAway ? Unavailable(lease) : lease.Refuse(reservation, amount))) is { } final)
            {
                return final;
            }
        }
        catch (Exception e) when (TransientFaults.IsOutage(e) || e is OperationCanceledException)
        {
            lease.FailedAt = time.GetTimestamp();
            return lease.TryReserve(reservation, amount, time.GetUtcNow(), mayCut: true) ?? Unavailable(lease);
        }
        finally
        {
            lease.Renewing.Release();
        }

        return await ReserveAsync(reservation, cancellationToken); // the lease was closed meanwhile
    }

    private static ReservationResult Unavailable(BudgetLease lease) =>
        new(ReservationStatus.Unavailable, BudgetRemaining: lease.Remaining);

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
            if (lease.TryClose(unusedSince))
            {
                using var timeout = new CancellationTokenSource(_storeTimeout);
                await store.EndAsync(lease.Usage.Id, lease.Usage.Spent, timeout.Token);
                _leases.TryRemove((lease.Key, lease.Window), out _);
            }
        }
        catch
        {
            lease.Reopen();
            throw;
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
