using CogniForge.Llm.RequestLog;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>A request that may be made, and by whom it may be answered. Disposing it settles it with the worst, unless it was settled.</summary>
internal sealed class AdmissionLease(IReadOnlyList<ResolvedTarget> targets, int? maxOutputTokens, bool isCut, ILimiter limits, Reservation? claim, Reservation? routeClaim) : IDisposable
{
    private bool _settled = claim is null && routeClaim is null;

    /// <summary>Who may answer, in their order.</summary>
    public IReadOnlyList<ResolvedTarget> Targets => targets;

    /// <summary>The most output tokens to ask for; null: as the request says.</summary>
    public int? MaxOutputTokens => maxOutputTokens;

    /// <summary>Whether the budget bears fewer tokens than the request would get otherwise, so that its answer is for nobody else.</summary>
    public bool IsCut => isCut;

    /// <summary>Whether a budget has to bear it.</summary>
    public bool HasBudget => claim?.Limits.Budget is not null;

    /// <summary>Settles what the request has cost.</summary>
    public void Commit(RequestLogEntry record)
    {
        if (_settled)
        {
            return;
        }

        _settled = true;
        var tokens = record.InputTokens + record.OutputTokens;
        if (claim is not null)
        {
            limits.Commit(claim, NanoUsd.FromUsd(record.Cost ?? 0), tokens);
        }

        if (routeClaim is not null)
        {
            limits.Commit(routeClaim, 0, tokens);
        }
    }

    public void Dispose()
    {
        if (!_settled)
        {
            // Of rates, what was estimated is taken already.
            _settled = true;
            if (claim is not null)
            {
                limits.Commit(claim, claim.MaxCost.ForOutputTokens(claim.MaxOutputTokens), claim.Tokens);
            }
        }
    }
}
