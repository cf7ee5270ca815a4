using System.Collections.Concurrent;
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

    /// <summary>What remains of the budgets in use, by key.</summary>
    public IEnumerable<(string Key, long Remaining)> Remaining
    {
        get
        {
            var now = time.GetUtcNow();
            return _leases
                .Values.Where(l => l.Remaining is not null && l.Window.Start <= now && now < l.Window.End)
                .Select(l => (l.Key, l.Remaining!.Value));
        }
    }

    /// <summary>
    /// Reserves the most that a request may cost, or as many of its output tokens as the budget covers.
    /// </summary>
    public ValueTask<BudgetResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var (lease, amount) = (GetLease(reservation), NanoUsd.FromUsd(reservation.Limits.Budget!.Amount));
        return TryReserve(lease, reservation, amount) is { } result
            ? new(result)
            : RenewAndReserveAsync(lease, reservation, amount, cancellationToken);
    }

    /// <summary>Replaces what a granted request held by what it has cost, in billionths of a USD.</summary>
    public void Commit(Reservation reservation, long cost) => GetLease(reservation).Commit(reservation, cost);

    /// <summary>
    /// The use of a key's budget over all replicas. What other replicas report is up to a few seconds old.
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
    public async Task<Exception?> RenewLeasesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Exception? failure = null;
        await Parallel.ForEachAsync(
            _leases.Values.Where(l => l.IsDue(now, _renewalInterval)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (lease, _) =>
            {
                var e = await TryAsync(() => RenewAsync(lease, options.Lease, unusedSince: now - _idle));
                failure ??= e;
            }
        );
        return failure;
    }

    /// <summary>Ends all leases; one with open requests keeps only what they hold.</summary>
    public async Task EndLeasesAsync()
    {
        foreach (var lease in _leases.Values)
        {
            await TryAsync(() => RenewAsync(lease, reserve: 0, unusedSince: DateTimeOffset.MaxValue));
        }
    }

    private static async Task<Exception?> TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private BudgetLease GetLease(Reservation reservation)
    {
        var id = (reservation.Key, BudgetWindow.At(reservation.Limits.Budget!.Period, reservation.At));
        return _leases.TryGetValue(id, out var lease) ? lease : _leases.GetOrAdd(id, static i => new(i.Key, i.Item2));
    }

    private BudgetResult? TryReserve(BudgetLease lease, Reservation reservation, long amount, bool mayCut = false) =>
        lease.TryReserve(reservation, amount, time.GetUtcNow(), mayCut)
        ?? lease.TryRefuse(reservation, amount, isFinal: false);

    private async ValueTask<BudgetResult> RenewAndReserveAsync(
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
            if (TryReserve(lease, reservation, amount) is { } granted)
            {
                return granted; // another request has renewed the lease meanwhile
            }

            if (lease.FailedAt >= waitingSince)
            {
                return ReserveWithoutStore(lease, reservation, amount);
            }

            for (var tries = 0; tries < MaxRenewals && !lease.IsClosed; tries++)
            {
                await RenewAsync(lease, amount, reservation, options.Lease);
                if (TryReserve(lease, reservation, amount, mayCut: true) is { } result)
                {
                    return result;
                }

                // Smaller requests may have taken what this one has leased.
                if (lease.Remaining < reservation.MaxCost.ForOutputTokens(reservation.MinOutputTokens))
                {
                    break;
                }
            }

            lease.Shrink(); // another replica's request may need what is too little for this one
            if (lease.TryRefuse(reservation, amount, isFinal: true) is { } refusal)
            {
                return refusal;
            }
        }
        catch (Exception e) when (TransientFaults.IsOutage(e) || e is OperationCanceledException)
        {
            lease.FailedAt = time.GetTimestamp();
            return ReserveWithoutStore(lease, reservation, amount);
        }
        finally
        {
            lease.Renewing.Release();
        }

        return await ReserveAsync(reservation, cancellationToken); // the lease was closed meanwhile
    }

    private BudgetResult ReserveWithoutStore(BudgetLease lease, Reservation reservation, long amount) =>
        TryReserve(lease, reservation, amount, mayCut: true)
        ?? new(ReservationStatus.Unavailable, 0, lease.Remaining);

    /// <summary>Renews a lease without a request, unless a request renews it right now.</summary>
    private async Task RenewAsync(BudgetLease lease, decimal reserve, DateTimeOffset unusedSince)
    {
        if (!await lease.Renewing.WaitAsync(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            if (await RenewAsync(lease, amount: null, reservation: null, reserve))
            {
                lease.Shrink();
                await RenewAsync(lease, amount: null, reservation: null, reserve: 0);
            }

            if (lease.TryClose(unusedSince))
            {
                await EndAsync(lease);
            }
        }
        finally
        {
            lease.Renewing.Release();
        }
    }

    private async Task EndAsync(BudgetLease lease)
    {
        using var timeout = new CancellationTokenSource(_storeTimeout);
        try
        {
            await store.EndAsync(lease.Usage.Id, lease.Usage.Spent, timeout.Token);
            _leases.TryRemove((lease.Key, lease.Window), out _);
        }
        catch
        {
            lease.Reopen();
            throw;
        }
    }

    /// <returns>Whether the budget is short.</returns>
    private async Task<bool> RenewAsync(BudgetLease lease, long? amount, Reservation? reservation, decimal reserve)
    {
        // Not with the client's token: the store would go on, and only the timeout bounds how long others wait.
        using var timeout = new CancellationTokenSource(_storeTimeout);
        while (true)
        {
            var sentAt = time.GetUtcNow();
            var renewal = lease.CreateRenewal(amount, reserve, reservation, sentAt);
            var grant = await store.RenewAsync(renewal, timeout.Token);
            if (lease.Apply(renewal, grant, sentAt))
            {
                return grant!.IsShort;
            }
        }
    }
}
