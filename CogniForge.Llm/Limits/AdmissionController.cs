using System.Text.Json.Nodes;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.BudgetedRequests;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>Holds requests to the limits of their key and route before a provider is called.</summary>
internal sealed class AdmissionController(Limiter limiter)
{
    /// <summary>
    /// The output token limit of a request that has a budget, where neither the request nor the route sets one and the
    /// maximum of the model is not known.
    /// </summary>
    public const int DefaultOutputTokens = 4_096;

    /// <summary>A response is not cut shorter than this; the budget counts as used up instead.</summary>
    public const int MinOutputTokens = 16;

    /// <summary>
    /// Reserves what a request may need, of its key first: one that exceeds its key's limits takes nothing from the
    /// route.
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
        var (targets, maxOutputTokens) = (request.Targets, GetRouteCap(request));
        var (reservation, result, isCut) = (default(Reservation), default(ReservationResult), false);
        if (request.Caller.Limits is KeyLimits { HasQuota: true } limits)
        {
            reservation = Reservation.Create(request, request.Caller.Id, limits) with { Taken = request.Permit.Taken };
            if (limits.Budget is not null)
            {
                var tools = HostedTools.Bound(request.Request, request.Route.Defaults);
                var priced = FindPrices(request, prices, tools);
                if (priced.Count == 0)
                {
                    return (null, new(LimitErrors.Unpriced(request.Request.Model, tools.Uses.Keys)));
                }

                targets = [.. priced.Select(t => t.Target)];
                reservation = WithMaxCost(reservation, request, tools, priced.Select(t => (t.Price, t.Multiplier)));
            }

            result = await limiter.ReserveAsync(reservation, cancellationToken);
            if (!result.IsGranted)
            {
                writer.WriteLimits(result, request.Now);
                return (null, LimitErrors.For(result, reservation));
            }

            isCut = result.OutputTokens < reservation.MaxOutputTokens;
            reservation = reservation with { MaxOutputTokens = result.OutputTokens };
            if (limits.Budget is not null && MustLimitOutput(request.Request, result.OutputTokens))
            {
                maxOutputTokens = result.OutputTokens;
            }
        }

        var (routeReservation, refusal) = await ReserveRouteAsync(request, reservation, writer);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        writer.WriteLimits(result, request.Now);
        Reservation[] reservations = [.. new[] { reservation, routeReservation }.OfType<Reservation>()];
        return (new(targets, maxOutputTokens, isCut, limiter, reservations), null);
    }

    /// <summary>Reserves from the rates of the route; if they refuse, cancels the reservation of the key.</summary>
    /// <returns>The reservation, or the refusal; neither: the route has no limits.</returns>
    private async ValueTask<(Reservation? Reservation, ErrorResponse? Refusal)> ReserveRouteAsync(
        AdmissionRequest request,
        Reservation? keyReservation,
        IResponseWriter writer
    )
    {
        if (request.Route.Limits is not { RequestsPerMinute: var requests, TokensPerMinute: var tokens })
        {
            return default;
        }

        var limits = new KeyLimits { RequestsPerMinute = requests, TokensPerMinute = tokens };
        var reservation = Reservation.Create(request, $"route:{request.Route.Name}", limits);

        // Not cancelled with the client: the key's reservation must be cancelled first.
        var result = await limiter.ReserveAsync(reservation, CancellationToken.None);
        if (result.IsGranted)
        {
            return (reservation, null);
        }

        if (keyReservation is not null)
        {
            limiter.Cancel(keyReservation);
        }

        writer.WriteLimits(result, request.Now);
        return (null, LimitErrors.ForRoute(result, reservation, request.Route));
    }

    /// <summary>
    /// The targets whose price is known, each with the highest multiplier of its service tier. The fees for tools
    /// become a part of the fee per request.
    /// </summary>
    private static List<(ResolvedTarget Target, Price Price, decimal Multiplier)> FindPrices(
        AdmissionRequest request,
        PriceTable prices,
        ToolUseBound tools
    ) =>
        [
            .. from target in request.Targets
            let price = prices.Find(target.Provider.Name, target.Model, request.Now)
            where price is not null
            let fees = tools.GetMaxFees(price, target.Provider.Kind)
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
        ToolUseBound tools,
        IEnumerable<(Price Price, decimal Multiplier)> prices
    )
    {
        var (request, route) = (admission.Request, admission.Route);
        var requested =
            request.MaxOutputTokens
            ?? GetDefault(route, "max_completion_tokens")
            ?? GetDefault(route, "max_tokens")
            ?? GetDefault(route, "max_output_tokens");
        var cap = route.MaxOutputTokens ?? int.MaxValue;
        var wanted =
            request.Protocol == Protocol.Embeddings
                ? 0
                : Math.Min(requested ?? route.MaxOutputTokens ?? GetModelMaximum(admission), cap);
        var choices = request.Body.TryGetProperty("n"u8, out _)
            ? request.Choices
            : Math.Max(request.Choices, GetDefault(route, "n") ?? 1);
        var input = tools.BoundInput(InputTokenUpperBound.Estimate(request.Body));
        return reservation with
        {
            MaxCost = CostUpperBound.From(prices, input, request.Images, choices),
            MaxOutputTokens = wanted,
            MinOutputTokens = requested is null ? Math.Min(wanted, MinOutputTokens) : wanted,
        };
    }

    /// <summary>The route's cap on output tokens, where the request does not keep to it by itself.</summary>
    private static int? GetRouteCap(AdmissionRequest request) =>
        request.Route.MaxOutputTokens is { } cap && MustLimit(request.Request, cap) ? cap : null;

    /// <summary>The most that any target generates without a limit of the request.</summary>
    private static int GetModelMaximum(AdmissionRequest admission) =>
        admission.Targets.Max(t => t.MaxOutputTokens ?? DefaultOutputTokens);

    private static bool MustLimitOutput(InferenceRequest request, int tokens) =>
        request.Protocol != Protocol.Embeddings && MustLimit(request, tokens);

    private static bool MustLimit(InferenceRequest request, int tokens) =>
        request.MaxOutputTokens is not { } requested || requested > tokens;

    private static int? GetDefault(ModelRoute route, string field) =>
        route.Defaults?[field] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
