using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>The result of a reservation.</summary>
/// <param name="Status">Granted, or the reason for the refusal.</param>
/// <param name="OutputTokens">The output tokens per choice that the budget covers, at most those wanted.</param>
/// <param name="Requests">The requests per minute; null: no limit.</param>
/// <param name="Tokens">The tokens per minute; null: no limit.</param>
/// <param name="BudgetRemaining">
/// What remains of the budget if all open requests cost their maximum, in billionths of a USD; null: no budget, or
/// unknown.
/// </param>
/// <param name="RetryAfter">When to try again; null: unknown, or never.</param>
internal readonly record struct ReservationResult(
    ReservationStatus Status,
    int OutputTokens = 0,
    RateLevel? Requests = null,
    RateLevel? Tokens = null,
    long? BudgetRemaining = null,
    TimeSpan? RetryAfter = null
)
{
    // Open requests may need less than they reserved, which comes back when they end: long before all of it has
    // refilled.
    private static readonly TimeSpan _maxRetryAfter = TimeSpan.FromMinutes(1);

    public static ReservationResult Create(Reservation reservation, BudgetResult? budget, RateResult? rate)
    {
        var (rpm, tpm) = (reservation.Limits.RequestsPerMinute, reservation.Limits.TokensPerMinute);
        var levels = rate ?? default;
        var status = budget is { Status: not ReservationStatus.Granted } refused ? refused.Status : levels.Status;
        TimeSpan? retryAfter = status switch
        {
            ReservationStatus.RequestRate => RateLevel.GetTimeUntil(rpm!.Value, levels.RequestLevel, 1),
            ReservationStatus.TokenRate => TimeSpan.FromTicks(
                Math.Min(
                    RateLevel
                        .GetTimeUntil(tpm!.Value, levels.TokenLevel, Math.Min(reservation.Tokens, tpm.Value))
                        .Ticks,
                    _maxRetryAfter.Ticks
                )
            ),
            _ => null,
        };
        return new(
            status,
            status == ReservationStatus.Granted ? budget?.OutputTokens ?? reservation.MaxOutputTokens : 0,
            rpm is { } r ? RateLevel.Create(r, levels.RequestLevel) : null,
            tpm is { } t ? RateLevel.Create(t, levels.TokenLevel) : null,
            budget?.Remaining,
            retryAfter
        );
    }
}
