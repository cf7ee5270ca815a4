using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>Holds requests to the limits of their keys and routes before anybody is asked. What has no limits costs nothing here.</summary>
internal sealed class AdmissionController
{
    /// <summary>The output tokens of an answer that a key with a budget gets at most when neither the request nor the route says how many.</summary>
    public const int DefaultOutputTokens = 4_096;

    /// <summary>Fewer output tokens than this are no answer: rather than cutting so short, the budget counts as used up.</summary>
    public const int MinOutputTokens = 16;

    // A process that has not settled by then has ended.
    private static readonly TimeSpan _slack = TimeSpan.FromMinutes(1);

    private readonly ILimiter _limiter;

    public AdmissionController(ILimiter limiter, ServiceDescription service)
    {
        _limiter = limiter;
        service.Meter.CreateObservableGauge(
            "cogniforge.llm.budget.remaining",
            () =>
                limiter
                    .BudgetsLeft()
                    .Select(b => new Measurement<double>(
                        (double)b.Value,
                        new KeyValuePair<string, object?>("key", b.Key)
                    )),
            "{USD}",
            "What is left of the budgets of keys that were used of late"
        );
    }

    /// <summary>Why a key may not ask for this at all; null: it may.</summary>
    public static ErrorResponse? CheckRoute(Caller caller, InferenceRequest request, ModelRoute route) =>
        caller.Limits is KeyLimits limits && !limits.Allows(request.Model, route.Name)
            ? new(LimitErrors.RouteNotAllowed(request.Model))
            : null;

    /// <summary>Takes what a request may need of the limits of its key, then of its route: who is over a limit of his own takes nothing from the others.</summary>
    /// <param name="claimant">The request.</param>
    /// <param name="prices">What models cost.</param>
    /// <param name="writer">Told how much of the limits is left.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>The admission, or why there is none.</returns>
    public async ValueTask<(AdmissionLease? Admitted, ErrorResponse? Refusal)> AdmitAsync(
        AdmissionRequest claimant,
        PriceTable prices,
        IResponseWriter writer,
        CancellationToken cancellationToken
    )
    {
        var (_, caller, request, route, order, now, _) = claimant;
        int? most = route.MaxOutputTokens is { } cap && !(request.MaxOutputTokens <= cap) ? cap : null;
        var (reservation, result, isCut) = (default(Reservation), default(ReservationResult), false);
        if (caller.Limits is KeyLimits limits and not { Budget: null, RequestsPerMinute: null, TokensPerMinute: null })
        {
            reservation = CreateReservation(claimant, caller.Id, limits);
            if (limits.Budget is not null)
            {
                var priced = order
                    .Select(target => (Target: target, Price: prices.Find(target.Provider.Name, target.Model, now)))
                    .Where(t => t.Price is not null)
                    .ToList();
                if (priced.Count == 0)
                {
                    return (null, new(LimitErrors.Unpriced(request.Model)));
                }

                order = priced.Count == order.Count ? order : [.. priced.Select(t => t.Target)];
                reservation = WithMaxCost(
                    reservation,
                    request,
                    route,
                    priced.Select(t =>
                        (t.Price!, t.Price!.GetMaxMultiplier(ServiceTier.GetRequested(request, route, t.Target)))
                    )
                );
            }

            result = await _limiter.ReserveAsync(reservation, cancellationToken);
            if (result.Status != ReservationStatus.Granted)
            {
                writer.WriteLimits(result, now);
                return (null, LimitErrors.For(result, reservation));
            }

            isCut = result.OutputTokens < reservation.MaxOutputTokens;
            reservation = reservation with { MaxOutputTokens = result.OutputTokens };

            // A request that says how many tokens it wants keeps to that by itself.
            most =
                limits.Budget is not null
                && request.Protocol != Protocol.Embeddings
                && !(request.MaxOutputTokens <= result.OutputTokens)
                    ? result.OutputTokens
                    : most;
        }

        var routeReservation = route.Limits is { } rates
            ? CreateReservation(
                claimant,
                $"route:{route.Name}",
                new() { RequestsPerMinute = rates.RequestsPerMinute, TokensPerMinute = rates.TokensPerMinute }
            )
            : null;
        if (
            routeReservation is not null
            && await CheckRouteLimitsAsync(routeReservation, reservation, route, writer) is { } refusal
        )
        {
            return (null, refusal);
        }

        writer.WriteLimits(result, now);
        return (new(order, most, isCut, _limiter, reservation, routeReservation), null);
    }

    /// <summary>Takes what a request may need of its route's limits; where they do not bear it, its key gets back what it has given.</summary>
    private async ValueTask<ErrorResponse?> CheckRouteLimitsAsync(
        Reservation reservation,
        Reservation? ofKey,
        ModelRoute route,
        IResponseWriter writer
    )
    {
        // Redis answers in a moment or is away: even for a client that has gone, what its key has taken is not to be forgotten.
        var result = await _limiter.ReserveAsync(reservation, CancellationToken.None);
        if (result.Status == ReservationStatus.Granted)
        {
            return null;
        }

        if (ofKey is not null)
        {
            await _limiter.CancelAsync(ofKey);
        }

        writer.WriteLimits(result, reservation.At);
        return LimitErrors.ForRoute(result, reservation, route);
    }

    private static Reservation CreateReservation(AdmissionRequest request, string key, KeyLimits limits) =>
        new()
        {
            Id = request.Id,
            Key = key,
            Limits = limits,
            At = request.Now,
            Expires = request.Deadline + _slack,
            Tokens = (int)
                Math.Min(
                    int.MaxValue,
                    TokenEstimator.Estimate(request.Request.InputCharacters)
                        + ((long)(request.Request.MaxOutputTokens ?? 0) * request.Request.Choices)
                ),
        };

    private static Reservation WithMaxCost(
        Reservation reservation,
        InferenceRequest request,
        ModelRoute route,
        IEnumerable<(Price Price, decimal Factor)> prices
    )
    {
        var asked =
            request.MaxOutputTokens
            ?? Default(route, "max_completion_tokens")
            ?? Default(route, "max_tokens")
            ?? Default(route, "max_output_tokens");
        var wanted =
            request.Protocol == Protocol.Embeddings
                ? 0
                : Math.Min(
                    asked ?? route.MaxOutputTokens ?? DefaultOutputTokens,
                    route.MaxOutputTokens ?? int.MaxValue
                );
        var choices = request.Body.TryGetProperty("n"u8, out _)
            ? request.Choices
            : Math.Max(request.Choices, Default(route, "n") ?? 1);
        return reservation with
        {
            MaxCost = CostUpperBound.From(prices, InputTokenUpperBound.Estimate(request.Body), request.Images, choices),
            MaxOutputTokens = wanted,
            MinOutputTokens = asked is null ? Math.Min(wanted, MinOutputTokens) : wanted,
        };
    }

    private static int? Default(ModelRoute route, string field) =>
        route.Defaults?[field] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
