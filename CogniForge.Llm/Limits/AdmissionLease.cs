using CogniForge.Llm.Pricing;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>
/// A request that may be sent, and to which targets. Disposing a lease that was not committed counts its maximum.
/// </summary>
internal sealed class AdmissionLease(
    IReadOnlyList<ResolvedTarget> targets,
    int? maxOutputTokens,
    bool isCut,
    Limiter limiter,
    IReadOnlyList<Reservation> reservations
) : IDisposable
{
    private readonly Reservation? _budgeted = reservations.FirstOrDefault(r => r.Limits.Budget is not null);
    private bool _isCommitted;

    /// <summary>The targets that may answer, in order.</summary>
    public IReadOnlyList<ResolvedTarget> Targets => targets;

    /// <summary>The output token limit to send to the provider; null: the request's own.</summary>
    public int? MaxOutputTokens => maxOutputTokens;

    /// <summary>
    /// Whether the budget covers fewer output tokens than the request wants, so that its response is not for the cache.
    /// </summary>
    public bool IsCut => isCut;

    public bool HasBudget => _budgeted is not null;

    /// <summary>The most that an attempt can cost, USD; null: neither the key nor its project has a budget.</summary>
    public decimal? MaxCost => _budgeted is null ? null : NanoUsd.ToUsd(_budgeted.WantedCost);

    /// <summary>What failed attempts may have cost that another attempt followed, USD.</summary>
    public decimal FailedAttemptsCost { get; private set; }

    /// <summary>
    /// Makes room for another attempt after one whose cost is unknown: the budgets count the maximum of both.
    /// </summary>
    /// <returns>False: a budget does not cover another attempt.</returns>
    public async ValueTask<bool> TryReserveAgainAsync()
    {
        var isReserved = _budgeted is null || await limiter.TryReserveAgainAsync(reservations);
        FailedAttemptsCost += isReserved ? MaxCost ?? 0 : 0;
        return isReserved;
    }

    /// <summary>Counts what the request has used, except <see cref="FailedAttemptsCost"/>: that is counted.</summary>
    public void Commit(RequestLogEntry entry) =>
        Commit(_ => (NanoUsd.FromUsd(entry.Cost ?? 0), entry.InputTokens + entry.OutputTokens));

    public void Dispose() => Commit(reservation => (reservation.WantedCost, reservation.Tokens));

    private void Commit(Func<Reservation, (long Cost, int Tokens)> getUse)
    {
        foreach (var reservation in _isCommitted ? [] : reservations)
        {
            var (cost, tokens) = getUse(reservation);
            limiter.Commit(reservation, cost, tokens);
        }

        _isCommitted = true;
    }
}
