using CogniForge.Llm.Pricing;
using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>
/// A request that may be sent, and to which targets. Disposing a lease that was not committed counts its maximum.
/// </summary>
/// <param name="targets">The targets that may answer, in order.</param>
/// <param name="maxOutputTokens">The output token limit to send to the provider; null: the request's own.</param>
/// <param name="isCut">Whether the budgets cover fewer output tokens than the request wants.</param>
/// <param name="limiter">The limiter.</param>
/// <param name="reservations">What is reserved of key, project and route, with the same output tokens.</param>
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
    public decimal? MaxCost => _budgeted is { } budgeted ? NanoUsd.ToUsd(budgeted.WantedCost) : null;

    /// <summary>What failed attempts may have cost that another attempt followed, USD.</summary>
    public decimal FailedAttemptsCost { get; private set; }

    /// <summary>
    /// Makes room for another attempt after one whose cost is unknown: the budgets count the maximum of both.
    /// </summary>
    /// <returns>False: a budget does not cover another attempt.</returns>
    public async ValueTask<bool> TryReserveAgainAsync()
    {
        if (MaxCost is not { } cost)
        {
            return true;
        }

        var isReserved = await limiter.TryReserveAgainAsync(reservations);
        FailedAttemptsCost += isReserved ? cost : 0;
        return isReserved;
    }

    /// <summary>Counts what the request has used, except <see cref="FailedAttemptsCost"/>: that is counted.</summary>
    public void Commit(RequestLogEntry entry)
    {
        if (!_isCommitted)
        {
            _isCommitted = true;
            foreach (var reservation in reservations)
            {
                limiter.Commit(
                    reservation,
                    NanoUsd.FromUsd(entry.Cost ?? 0),
                    entry.InputTokens + entry.OutputTokens
                );
            }
        }
    }

    public void Dispose()
    {
        if (!_isCommitted)
        {
            _isCommitted = true;
            foreach (var reservation in reservations)
            {
                limiter.Commit(reservation, reservation.WantedCost, reservation.Tokens);
            }
        }
    }
}
