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
    Reservation? reservation,
    Reservation? routeReservation
) : IDisposable
{
    private bool _isCommitted = reservation is null && routeReservation is null;

    /// <summary>The targets that may answer, in order.</summary>
    public IReadOnlyList<ResolvedTarget> Targets => targets;

    /// <summary>The output token limit to send to the provider; null: the request's own.</summary>
    public int? MaxOutputTokens => maxOutputTokens;

    /// <summary>
    /// Whether the budget covers fewer output tokens than the request wants, so that its response is not for the cache.
    /// </summary>
    public bool IsCut => isCut;

    public bool HasBudget => reservation?.Limits.Budget is not null;

    /// <summary>The most that an attempt can cost, USD; null: the key has no budget.</summary>
    public decimal? MaxCost => HasBudget ? NanoUsd.ToUsd(reservation!.WantedCost) : null;

    /// <summary>What failed attempts may have cost that another attempt followed, USD.</summary>
    public decimal FailedAttemptsCost { get; private set; }

    /// <summary>
    /// Makes room for another attempt after one whose cost is unknown: the budget counts the maximum of both.
    /// </summary>
    /// <returns>False: the budget does not cover another attempt.</returns>
    public async ValueTask<bool> TryReserveAgainAsync()
    {
        if (MaxCost is not { } cost)
        {
            return true;
        }

        var isReserved = await limiter.TryReserveAgainAsync(reservation!);
        FailedAttemptsCost += isReserved ? cost : 0;
        return isReserved;
    }

    /// <summary>Counts what the request has used, except <see cref="FailedAttemptsCost"/>: that is counted.</summary>
    public void Commit(RequestLogEntry entry)
    {
        if (_isCommitted)
        {
            return;
        }

        _isCommitted = true;
        var tokens = entry.InputTokens + entry.OutputTokens;
        if (reservation is not null)
        {
            limiter.Commit(reservation, NanoUsd.FromUsd(entry.Cost ?? 0), tokens);
        }

        if (routeReservation is not null)
        {
            limiter.Commit(routeReservation, 0, tokens);
        }
    }

    public void Dispose()
    {
        if (!_isCommitted && reservation is not null)
        {
            limiter.Commit(reservation, reservation.WantedCost, reservation.Tokens);
        }

        _isCommitted = true;
    }
}
