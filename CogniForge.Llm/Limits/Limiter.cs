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
        if (reservation.Limits.Rates is not { } limits)
        {
            return ReservationResult.Create(reservation, budget, null);
        }

        // A request that the budget refuses takes nothing of the rates, but its response has their levels.
        var isCovered = budget is null or { Status: ReservationStatus.Granted };
        RateResult? rate = null;
        try
        {
            rate = await AcquireAsync(reservation, limits, isCovered);
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

    /// <summary>Takes a request from the rates before its body is read.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="limits">The key's limits per minute.</param>
    /// <param name="needsToken">Whether to refuse a request that does not get a single token.</param>
    /// <param name="now">The time.</param>
    public async ValueTask<RateResult> TakeRequestAsync(
        string key,
        RateLimits limits,
        bool needsToken,
        DateTimeOffset now
    )
    {
        var rate = await rates.AcquireAsync(new(key, limits, new(1, 0), now));
        var lacksToken = needsToken && limits.TokensPerMinute is not null && rate.TokenLevel < TokenBucket.Unit;
        return rate.Status == ReservationStatus.Granted && lacksToken
            ? PutRequestBack(key, rate with { Status = ReservationStatus.TokenRate })
            : rate;
    }

    /// <summary>Puts back a request that was taken before its body was read.</summary>
    public void PutRequestBack(string key) => rates.Return(key, new(1, 0));

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
        var result = await budgets.ReserveAsync(uncut, CancellationToken.None);
        if (result.Status != ReservationStatus.Granted)
        {
            return false;
        }

        budgets.Commit(reservation, reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens));
        return true;
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

    private async ValueTask<RateResult> AcquireAsync(Reservation reservation, RateLimits limits, bool isCovered)
    {
        if (isCovered && reservation.Taken is { } taken && limits.TokensPerMinute is null)
        {
            return taken;
        }

        var requests = (isCovered ? 1 : 0) - (reservation.Taken is null ? 0 : 1);
        var amount = new RateAmount(requests, isCovered ? reservation.Tokens : 0);
        var rate = await rates.AcquireAsync(new(reservation.Key, limits, amount, reservation.At));
        return reservation.Taken is not null && rate.Status != ReservationStatus.Granted
            ? PutRequestBack(reservation.Key, rate)
            : rate;
    }

    private RateResult PutRequestBack(string key, RateResult rate)
    {
        PutRequestBack(key);
        return rate with { RequestLevel = rate.RequestLevel + TokenBucket.Unit };
    }
}
