using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Holds requests to the budget and the rates of a key, or the rates of a route, over all replicas. Thread-safe.
/// </summary>
internal sealed class Limiter(BudgetLimiter budgets, RateLimiter rates)
{
    /// <summary>Reserves what a request may need at most, all or nothing.</summary>
    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var budget = reservation.Limits.Budget is null
            ? new(ReservationStatus.Granted, reservation.MaxOutputTokens)
            : await budgets.ReserveAsync(reservation, cancellationToken);
        if (reservation.Limits.Rates is not { } limits)
        {
            return budget;
        }

        // A request that the budget refuses takes nothing of the rates, but its response has their levels.
        var rate = await AcquireAsync(reservation, limits, budget.IsGranted);
        if (budget.IsGranted && !rate.IsGranted && reservation.Limits.Budget is not null)
        {
            var cut = reservation with { MaxOutputTokens = budget.OutputTokens };
            budgets.Commit(cut, 0);
            budget = budget with { BudgetRemaining = budget.BudgetRemaining + cut.WantedCost };
        }

        var status = budget.IsGranted ? rate.Status : budget.Status;
        return rate with
        {
            Status = status,
            OutputTokens = status == ReservationStatus.Granted ? budget.OutputTokens : 0,
            BudgetRemaining = budget.BudgetRemaining,
        };
    }

    /// <summary>Replaces what a granted request reserved by what it has used. Never fails or waits.</summary>
    /// <param name="reservation">The reservation, with the output tokens that were granted.</param>
    /// <param name="cost">Billionths of a USD.</param>
    /// <param name="tokens">Input and output tokens.</param>
    public void Commit(Reservation reservation, long cost, int tokens)
    {
        if (reservation.Limits.Budget is not null)
        {
            budgets.Commit(reservation, cost);
        }

        if (reservation.Limits.TokensPerMinute is not null)
        {
            rates.Return(reservation.Key, new(0, reservation.Tokens - tokens));
        }
    }

    /// <summary>Reserves the same maximum cost again, for another attempt. Counts that of the first as spent.</summary>
    /// <returns>False: the budget does not cover it, and nothing has changed.</returns>
    public async ValueTask<bool> TryReserveAgainAsync(Reservation reservation)
    {
        // Not cancelled with the client: the store has a timeout of its own.
        var uncut = reservation with { MinOutputTokens = reservation.MaxOutputTokens };
        var isGranted = (await budgets.ReserveAsync(uncut, CancellationToken.None)).IsGranted;
        if (isGranted)
        {
            budgets.Commit(reservation, reservation.WantedCost);
        }

        return isGranted;
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
