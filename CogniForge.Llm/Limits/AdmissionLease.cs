using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>A request that may be made, and by whom it may be answered. Disposing it settles it with the worst, unless it was settled.</summary>
internal sealed class AdmissionLease(
    IReadOnlyList<ResolvedTarget> targets,
    int? maxOutputTokens,
    bool isCut,
    ILimiter limiter,
    Reservation? reservation,
    Reservation? routeReservation
) : IDisposable
{
    private bool _settled = reservation is null && routeReservation is null;

    /// <summary>Who may answer, in their order.</summary>
    public IReadOnlyList<ResolvedTarget> Targets => targets;

    /// <summary>The most output tokens to ask for; null: as the request says.</summary>
    public int? MaxOutputTokens => maxOutputTokens;

    /// <summary>Whether the budget bears fewer tokens than the request would get otherwise, so that its answer is for nobody else.</summary>
    public bool IsCut => isCut;

    /// <summary>Whether a budget has to bear it.</summary>
    public bool HasBudget => reservation?.Limits.Budget is not null;

    /// <summary>Settles what the request has cost.</summary>
    public void Commit(RequestLogEntry entry)
    {
        if (_settled)
        {
            return;
        }

        _settled = true;
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
        if (!_settled)
        {
            // Of rates, what was estimated is taken already.
            _settled = true;
            if (reservation is not null)
            {
                limiter.Commit(
                    reservation,
                    reservation.MaxCost.ForOutputTokens(reservation.MaxOutputTokens),
                    reservation.Tokens
                );
            }
        }
    }
}
