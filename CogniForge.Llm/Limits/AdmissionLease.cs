using CogniForge.Llm.Limits.Budgets;
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

    /// <summary>Counts what the request has used.</summary>
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
            var maxCost = reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens);
            limiter.Commit(reservation, maxCost, reservation.Tokens);
        }

        _isCommitted = true;
    }
}
