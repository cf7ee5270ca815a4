using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>The result of a reservation, or of a part of it.</summary>
/// <param name="Status">Granted, or the reason for the refusal.</param>
/// <param name="OutputTokens">The output tokens per choice that the budget covers, at most those wanted.</param>
/// <param name="Requests">The requests per minute; null: no limit.</param>
/// <param name="Tokens">The tokens per minute; null: no limit.</param>
/// <param name="BudgetRemaining">
/// What remains of the budget if all open requests cost their maximum, in billionths of a USD; null: no budget, or
/// unknown.
/// </param>
internal readonly record struct ReservationResult(
    ReservationStatus Status,
    int OutputTokens = 0,
    RateLevel? Requests = null,
    RateLevel? Tokens = null,
    long? BudgetRemaining = null
)
{
    public bool IsGranted => Status == ReservationStatus.Granted;

    /// <summary>Combines the levels of two granted results: of each limit, the one with less left.</summary>
    public ReservationResult Tighten(ReservationResult other) =>
        new(
            other.Status,
            other.OutputTokens,
            GetTighter(Requests, other.Requests),
            GetTighter(Tokens, other.Tokens),
            BudgetRemaining is { } own && other.BudgetRemaining is { } others
                ? Math.Min(own, others)
                : BudgetRemaining ?? other.BudgetRemaining
        );

    private static RateLevel? GetTighter(RateLevel? one, RateLevel? other) =>
        one is { } a && other is { } b ? (a.Remaining <= b.Remaining ? a : b) : one ?? other;

    /// <param name="status">Granted, or the limit that refuses.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="requests">The level of requests, as <see cref="TokenBucket"/> counts it.</param>
    /// <param name="tokens">The level of tokens.</param>
    public static ReservationResult FromRates(
        ReservationStatus status,
        RateLimits limits,
        double requests,
        double tokens
    ) =>
        new(
            status,
            Requests: limits.RequestsPerMinute is { } rpm ? new(rpm, requests) : null,
            Tokens: limits.TokensPerMinute is { } tpm ? new(tpm, tokens) : null
        );
}
