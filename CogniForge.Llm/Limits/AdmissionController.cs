using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Holds requests to the limits of their key, project and route in two steps: before the body is read, and before a
/// provider is called.
/// </summary>
internal sealed class AdmissionController(Limiter limiter, RateLimiter rates)
{
    private const int SmallBodyBytes = 64 * 1024;
    private const int RefusedPerMinute = 60;

    /// <summary>
    /// Takes a request from the rates of its key before its body is read, so that a key beyond its rates costs little.
    /// </summary>
    /// <param name="caller">The caller.</param>
    /// <param name="rate">The id of the rate: the caller's, or that of requests with a rate of their own.</param>
    /// <param name="bodyBytes">The size of the body; null: unknown.</param>
    /// <param name="writer">Gets the state of the rate for the headers of a refusal.</param>
    /// <param name="now">The present time.</param>
    /// <returns>The permission, or the refusal of a body that is too large to be read in vain.</returns>
    public async ValueTask<(RequestPermit? Permit, ErrorResponse? Refusal)> TakeRequestAsync(
        Caller caller,
        string rate,
        long? bodyBytes,
        IResponseWriter writer,
        DateTimeOffset now
    )
    {
        // Only a request that was read says how many tokens it needs, and thus how long to wait for them.
        var isLarge = bodyBytes is null or > SmallBodyBytes;
        if (
            caller.Limits is not KeyLimits { Rates: { } limits } keyLimits
            || (limits.RequestsPerMinute is null && !isLarge)
        )
        {
            return (new(null), null);
        }

        var result = await rates.AcquireAsync(rate, limits, new(1, 0), now);
        if (result.IsGranted && isLarge && result.Tokens is { Remaining: 0 })
        {
            result = rates.ReturnRequest(rate, result with { Status = ReservationStatus.TokenRate });
        }

        if (result.IsGranted)
        {
            return (new(result), null);
        }

        writer.WriteLimits(result, now);
        var owner = LimitOwner.ForKey(caller.Id, keyLimits);
        var refusal = LimitErrors.For(result, new() { Owner = owner, At = now, Tokens = 1 });
        return isLarge ? (null, refusal) : (new(null, refusal), null);
    }

    /// <summary>
    /// Charges a refused request to a key that has only a rate of tokens, which could otherwise send any number of
    /// them: a sixtieth of the minute's tokens.
    /// </summary>
    public async ValueTask ChargeRefusedAsync(Caller caller, RequestPermit permit, DateTimeOffset now)
    {
        if (
            !permit.IsUsed
            && caller.Limits is KeyLimits { Rates: { RequestsPerMinute: null, TokensPerMinute: { } tokens } limits }
        )
        {
            await rates.AcquireAsync(caller.Id, limits, default, now); // what follows needs a bucket
            rates.Return(caller.Id, new(0, -Math.Max(1, tokens / RefusedPerMinute)));
        }
    }

    /// <summary>Puts back a taken request that needs no provider.</summary>
    public void PutBack(Caller caller, RequestPermit permit)
    {
        permit.IsUsed = true;
        if (permit.Taken is { } taken)
        {
            rates.ReturnRequest(caller.Id, taken);
        }
    }

    /// <summary>
    /// Reserves what a request may need, of its key first, then of its project and route: one that exceeds its key's
    /// limits takes nothing from the others.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="prices">The prices of models.</param>
    /// <param name="writer">Gets the state of the limits for the response's headers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lease, or the refusal.</returns>
    public async ValueTask<(AdmissionLease? Admitted, ErrorResponse? Refusal)> AdmitAsync(
        AdmissionRequest request,
        PriceTable prices,
        IResponseWriter writer,
        CancellationToken cancellationToken
    )
    {
        request.Permit.IsUsed = true;
        var (inference, route, targets) = (request.Request, request.Route, request.Targets);
        var routeCap = MustLimit(inference, route.MaxOutputTokens) ? route.MaxOutputTokens : null;
        var owners = LimitOwner.List(request).ToList();
        if (owners.Count == 0)
        {
            return (new(targets, routeCap, isCut: false, limiter, []), null);
        }

        var wanted = Reservation.Create(request, owners[0]);
        var budgeted = owners.Find(o => o.Limits.Budget is not null);
        if (budgeted is not null)
        {
            var bound = RequestCostBound.Create(inference, route, targets, prices, request.Now);
            if (bound.Targets.Count == 0)
            {
                return (null, new(LimitErrors.Unpriced(budgeted.Name, inference.Model, bound.Tools)));
            }

            (targets, wanted) = (bound.Targets, wanted with { MaxCost = bound.MaxCost });
        }

        var (reservations, levels, refusal) = await ReserveAsync(owners, wanted, request.Permit, cancellationToken);
        writer.WriteLimits(levels, request.Now);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        // What the last one covers is all that the provider is asked for, so the others need not hold more.
        var outputTokens = reservations[^1].MaxOutputTokens;
        var limit =
            budgeted is null ? routeCap
            : inference.Protocol != Protocol.Embeddings && MustLimit(inference, outputTokens) ? outputTokens
            : routeCap;
        var isCut = outputTokens < wanted.MaxOutputTokens;
        return (
            new(targets, limit, isCut, limiter, reservations.ConvertAll(r => limiter.Reduce(r, outputTokens))),
            null
        );
    }

    /// <summary>Reserves from each owner in turn; if one refuses, the others get back what they gave.</summary>
    /// <returns>The reservations, the levels for the headers, and the refusal if there is one.</returns>
    private async ValueTask<(List<Reservation> Granted, ReservationResult Levels, ErrorResponse? Refusal)> ReserveAsync(
        List<LimitOwner> owners,
        Reservation wanted,
        RequestPermit permit,
        CancellationToken cancellationToken
    )
    {
        var (granted, levels) = (new List<Reservation>(), default(ReservationResult));
        foreach (var owner in owners)
        {
            wanted = wanted with { Owner = owner, Taken = owner.IsKey ? permit.Taken : null };
            var result = default(ReservationResult?);
            try
            {
                // Not cancelled with the client once something has to be taken back.
                result = await limiter.ReserveAsync(
                    wanted,
                    granted.Count == 0 ? cancellationToken : CancellationToken.None
                );
            }
            finally
            {
                if (result is not { IsGranted: true })
                {
                    granted.ForEach(limiter.Cancel);
                }
            }

            if (!result.Value.IsGranted)
            {
                return ([], result.Value, LimitErrors.For(result.Value, wanted));
            }

            wanted = wanted with { MaxOutputTokens = result.Value.OutputTokens };
            granted.Add(wanted);
            levels = owner.IsRoute ? levels : levels.Tighten(result.Value);
        }

        return (granted, levels, null);
    }

    /// <summary>Whether a request does not keep to a limit of output tokens by itself.</summary>
    private static bool MustLimit(InferenceRequest request, int? tokens) =>
        request.MaxOutputTokens is not { } requested || requested > tokens;
}
