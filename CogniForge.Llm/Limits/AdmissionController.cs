using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.BudgetedRequests;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>Holds requests to the limits of their key, project and route before a provider is called.</summary>
internal sealed class AdmissionController(Limiter limiter)
{
    /// <summary>
    /// The output token limit of a request that has a budget, where neither the request nor the route sets one and the
    /// model generates more: a model's maximum of 128,000 would hold a small budget alone.
    /// </summary>
    public const int DefaultOutputTokens = 4_096;

    /// <summary>A response is not cut shorter than this; the budget counts as used up instead.</summary>
    public const int MinOutputTokens = 16;

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
        var targets = request.Targets;
        var wanted = Reservation.Create(request);
        var owners = LimitOwner.List(request).ToList();
        var budgeted = owners.Find(o => o.Limits.Budget is not null);
        if (budgeted is not null)
        {
            var tools = BoundTools(request);
            var priced = FindPrices(request, prices, tools);
            if (priced.Count == 0)
            {
                var names = tools.Values.SelectMany(t => t.Uses.Keys);
                return (null, new(LimitErrors.Unpriced(budgeted.Name, request.Request.Model, names)));
            }

            targets = [.. priced.Select(t => t.Target)];
            var input = InputTokenUpperBound.Estimate(request.Request.Body);
            wanted = WithMaxCost(
                wanted,
                request,
                targets.Max(t => tools[GetProtocol(request, t)].BoundInput(input)),
                priced.Select(t => (t.Price, t.Multiplier))
            );
        }

        var (reservations, levels, refusal) = await ReserveAsync(owners, wanted, request, cancellationToken);
        writer.WriteLimits(levels, request.Now);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        // What the last one covers is all that the provider is asked for, so the others need not hold more.
        var outputTokens = reservations.LastOrDefault()?.MaxOutputTokens ?? wanted.MaxOutputTokens;
        reservations = reservations.ConvertAll(r => limiter.Reduce(r, outputTokens));
        var maxOutputTokens =
            budgeted is not null && MustLimitOutput(request.Request, outputTokens)
                ? outputTokens
                : GetRouteCap(request);
        return (new(targets, maxOutputTokens, outputTokens < wanted.MaxOutputTokens, limiter, reservations), null);
    }

    /// <summary>Reserves from each owner in turn; if one refuses, the others get back what they gave.</summary>
    /// <returns>The reservations, the levels for the headers, and the refusal if there is one.</returns>
    private async ValueTask<(List<Reservation> Granted, ReservationResult Levels, ErrorResponse? Refusal)> ReserveAsync(
        List<LimitOwner> owners,
        Reservation wanted,
        AdmissionRequest request,
        CancellationToken cancellationToken
    )
    {
        var (granted, levels) = (new List<Reservation>(), default(ReservationResult));
        foreach (var owner in owners)
        {
            var reservation = wanted with
            {
                Key = owner.Key,
                Limits = owner.Limits,
                Taken = owner.IsKey ? request.Permit.Taken : null,
                MaxOutputTokens = granted.LastOrDefault()?.MaxOutputTokens ?? wanted.MaxOutputTokens,
            };

            var result = default(ReservationResult?);
            try
            {
                // Not cancelled with the client once something has to be taken back.
                result = await limiter.ReserveAsync(
                    reservation,
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
                return ([], result.Value, LimitErrors.For(result.Value, reservation, owner));
            }

            granted.Add(reservation with { MaxOutputTokens = result.Value.OutputTokens });
            levels = owner.IsRoute ? levels : levels.Tighten(result.Value);
        }

        return (granted, levels, null);
    }

    /// <summary>The bounds of the tools that providers run themselves, by the provider's protocol.</summary>
    private static Dictionary<Protocol, ToolUseBound> BoundTools(AdmissionRequest request) =>
        request
            .Targets.Select(t => GetProtocol(request, t))
            .Distinct()
            .ToDictionary(p => p, p => HostedTools.Bound(p, request.Request.Body, request.Route.Defaults));

    private static Protocol GetProtocol(AdmissionRequest request, ResolvedTarget target) =>
        ProtocolAdapters.Select(request.Request.Protocol, target.Provider.Protocols)?.Protocol
        ?? request.Request.Protocol;

    /// <summary>
    /// The targets whose price is known, each with the highest multiplier of its service tier. The fees for tools
    /// become a part of the fee per request.
    /// </summary>
    private static List<(ResolvedTarget Target, Price Price, decimal Multiplier)> FindPrices(
        AdmissionRequest request,
        PriceTable prices,
        Dictionary<Protocol, ToolUseBound> tools
    ) =>
        [
            .. from target in request.Targets
            let price = prices.Find(target.Provider.Name, target.Model, request.Now)
            where price is not null
            let fees = tools[GetProtocol(request, target)].GetMaxFees(price, target.Provider.Profile)
            where fees is not null
            let tier = ServiceTier.GetRequested(request.Request, request.Route, target)
            select (
                target,
                price with { PerRequest = price.PerRequest + fees.Value },
                CostUpperBound.GetMaxMultiplier(price, tier)
            ),
        ];

    private static Reservation WithMaxCost(
        Reservation reservation,
        AdmissionRequest admission,
        int inputTokens,
        IEnumerable<(Price Price, decimal Multiplier)> prices
    )
    {
        var (request, cap) = (admission.Request, admission.Route.MaxOutputTokens);
        var wanted =
            request.Protocol == Protocol.Embeddings
                ? 0
                : Math.Min(request.MaxOutputTokens ?? cap ?? GetDefaultLimit(admission), cap ?? int.MaxValue);
        return reservation with
        {
            MaxCost = CostUpperBound.From(prices, inputTokens, request.Images, request.Choices),
            MaxOutputTokens = wanted,
            MinOutputTokens = request.MaxOutputTokens is null ? Math.Min(wanted, MinOutputTokens) : wanted,
        };
    }

    /// <summary>The route's cap on output tokens, where the request does not keep to it by itself.</summary>
    private static int? GetRouteCap(AdmissionRequest request) =>
        request.Route.MaxOutputTokens is { } cap && MustLimit(request.Request, cap) ? cap : null;

    /// <summary>The limit where neither the request nor the route has one, at most what any target generates.</summary>
    private static int GetDefaultLimit(AdmissionRequest admission) =>
        admission.Targets.Max(t => Math.Min(t.MaxOutputTokens ?? DefaultOutputTokens, DefaultOutputTokens));

    private static bool MustLimitOutput(InferenceRequest request, int tokens) =>
        request.Protocol != Protocol.Embeddings && MustLimit(request, tokens);

    private static bool MustLimit(InferenceRequest request, int tokens) =>
        request.MaxOutputTokens is not { } requested || requested > tokens;
}
