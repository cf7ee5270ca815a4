using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Holds requests to the budget and the rates of a key, project or route, over all replicas. Thread-safe.
/// </summary>
internal sealed class Limiter(BudgetLimiter budgets, RateLimiter rates)
{
    /// <summary>Reserves what a request may need at most, all or nothing.</summary>
    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var budget = await budgets.ReserveAsync(reservation, cancellationToken);
        if (reservation.Limits.Rates is not { } limits)
        {
            return budget;
        }

        ReservationResult? acquired = null;
        try
        {
            // A request that the budget refuses takes nothing of the rates, but its response has their levels.
            acquired = await AcquireAsync(reservation, limits, budget.IsGranted);
        }
        finally
        {
            // Also after an exception: otherwise the budget would hold the maximum as long as its lease lives.
            if (budget.IsGranted && acquired is not { IsGranted: true })
            {
                var cut = reservation with { MaxOutputTokens = budget.OutputTokens };
                budgets.Commit(cut, 0);
                budget = budget with { BudgetRemaining = budget.BudgetRemaining + cut.WantedCost };
            }
        }

        return acquired.Value with
        {
            Status = budget.IsGranted ? acquired.Value.Status : budget.Status,
            OutputTokens = acquired.Value.IsGranted ? budget.OutputTokens : 0,
            BudgetRemaining = budget.BudgetRemaining,
        };
    }

    /// <summary>Replaces what a granted request reserved by what it has used. Never fails or waits.</summary>
    /// <param name="reservation">The reservation, with the output tokens that were granted.</param>
    /// <param name="cost">Billionths of a USD.</param>
    /// <param name="tokens">Input and output tokens.</param>
    public void Commit(Reservation reservation, long cost, int tokens)
    {
        budgets.Commit(reservation, cost);
        if (reservation.Limits.TokensPerMinute is not null)
        {
            rates.Return(reservation.Key, new(0, reservation.Tokens - tokens));
        }
    }

    /// <summary>Reserves the same maximum cost again, for another attempt. Counts that of the first as spent.</summary>
    /// <returns>False: a budget does not cover it, and nothing has changed.</returns>
    public async ValueTask<bool> TryReserveAgainAsync(IEnumerable<Reservation> reservations)
    {
        var granted = new List<Reservation>();
        foreach (var reservation in reservations.Where(r => r.Limits.Budget is not null))
        {
            // Not cancelled with the client: the store has a timeout of its own.
            var uncut = reservation with { MinOutputTokens = reservation.MaxOutputTokens };
            if (!(await budgets.ReserveAsync(uncut, CancellationToken.None)).IsGranted)
            {
                granted.ForEach(r => budgets.Commit(r, 0));
                return false;
            }

            granted.Add(uncut);
        }

        granted.ForEach(r => budgets.Commit(r, r.WantedCost));
        return true;
    }

    /// <summary>Gives back what a granted request does not need if another limit covers fewer output tokens.</summary>
    public Reservation Reduce(Reservation reservation, int outputTokens)
    {
        var reduced = reservation with { MaxOutputTokens = Math.Min(reservation.MaxOutputTokens, outputTokens) };
        budgets.Release(reservation, reservation.WantedCost - reduced.WantedCost);
        return reduced;
    }

    /// <summary>Takes back a granted reservation of a request that is not made.</summary>
    public void Cancel(Reservation reservation)
    {
        Commit(reservation, 0, 0);
        if (reservation.Limits.RequestsPerMinute is not null)
        {
            rates.Return(reservation.Key, new(1, 0));
        }
    }

    private async ValueTask<ReservationResult> AcquireAsync(Reservation reservation, RateLimits limits, bool isCovered)
    {
        if (isCovered && reservation.Taken is { } taken && limits.TokensPerMinute is null)
        {
            return taken;
        }

        var requests = (isCovered ? 1 : 0) - (reservation.Taken is null ? 0 : 1);
        var amount = new RateAmount(requests, isCovered ? reservation.Tokens : 0);
        var rate = await rates.AcquireAsync(reservation.Key, limits, amount, reservation.At);
        return reservation.Taken is not null && !rate.IsGranted ? rates.ReturnRequest(reservation.Key, rate) : rate;
    }
}
