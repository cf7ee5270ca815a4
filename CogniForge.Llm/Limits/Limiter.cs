using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Holds requests to the budget and the rates of a key, or the rates of a route, over all replicas. Thread-safe.
/// </summary>
internal sealed class Limiter(BudgetLimiter budgets, IRateLimiter rates)
{
    /// <summary>Reserves what a request may need at most, all or nothing.</summary>
    public async ValueTask<ReservationResult> ReserveAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        BudgetResult? budget = reservation.Limits.Budget is null
            ? null
            : await budgets.ReserveAsync(reservation, cancellationToken);
        if (GetRates(reservation) is not { } limits)
        {
            return ReservationResult.Create(reservation, budget, null);
        }

        // A request that the budget refuses takes nothing of the rates, but its response has their levels.
        var isCovered = budget is null or { Status: ReservationStatus.Granted };
        var amount = isCovered ? new RateAmount(1, reservation.Tokens) : default;
        RateResult? rate = null;
        try
        {
            rate = await rates.AcquireAsync(new(reservation.Key, limits, amount, reservation.At));
        }
        finally
        {
            if (isCovered && rate is not { Status: ReservationStatus.Granted } && budget is { } granted)
            {
                var cut = reservation with { MaxOutputTokens = granted.OutputTokens };
                budgets.Commit(cut, 0);
                budget = granted with
                {
                    Remaining = granted.Remaining + cut.MaxCost.ForOutputTokens(cut.MaxOutputTokens),
                };
            }
        }

        return ReservationResult.Create(reservation, budget, rate);
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

    /// <summary>Takes back a granted reservation of a request that is not made.</summary>
    public void Cancel(Reservation reservation)
    {
        Commit(reservation, 0, 0);
        if (reservation.Limits.RequestsPerMinute is not null)
        {
            rates.Return(reservation.Key, new(1, 0));
        }
    }

    private static RateLimits? GetRates(Reservation reservation) =>
        reservation.Limits is { RequestsPerMinute: null, TokensPerMinute: null }
            ? null
            : new(reservation.Limits.RequestsPerMinute, reservation.Limits.TokensPerMinute);
}
