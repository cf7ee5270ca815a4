using System.Globalization;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>What a client is told whose key or route does not bear a request.</summary>
internal static class LimitErrors
{
    public static ClientError RouteNotAllowed(string model) =>
        new(403, ErrorCategory.Forbidden, $"This key may not use the model '{model}'.", "model", "model_not_allowed");

    public static ClientError Unpriced(string model) =>
        new(
            403,
            ErrorCategory.Forbidden,
            $"This key has a budget, and the model '{model}' has no price that could be counted against it; PUT /api/v1/llm/prices/{{effectiveFrom}}/{{model}} sets one, which may be 0.",
            "model",
            "model_without_price"
        );

    public static ErrorResponse For(ReservationResult result, Reservation reservation)
    {
        var limits = reservation.Limits;
        return result.Status switch
        {
            ReservationStatus.RequestRate or ReservationStatus.TokenRate => OfRate(
                result,
                reservation,
                "this key",
                ErrorCategory.KeyRateLimited
            ),
            ReservationStatus.BudgetHeld => new(
                new(
                    429,
                    ErrorCategory.KeyRateLimited,
                    "What is left of this key's budget is held for requests that are being answered; try again in a second, when they may have cost less.",
                    null,
                    "budget_held"
                ),
                RetryAfter: TimeSpan.FromSeconds(1)
            ),
            ReservationStatus.BudgetExceeded => new(
                new(
                    402,
                    ErrorCategory.BudgetExceeded,
                    Exceeded(limits.Budget!, reservation, result.BudgetLeft),
                    null,
                    "budget_exceeded"
                )
            ),
            _ => new(
                new(
                    503,
                    ErrorCategory.Overloaded,
                    "This key's budget cannot be checked now.",
                    null,
                    "budget_unavailable"
                ),
                RetryAfter: TimeSpan.FromSeconds(2)
            ),
        };
    }

    public static ErrorResponse ForRoute(ReservationResult result, Reservation reservation, ModelRoute route) =>
        OfRate(result, reservation, $"the route '{route.Name}'", ErrorCategory.RouteRateLimited);

    private static ErrorResponse OfRate(
        ReservationResult result,
        Reservation reservation,
        string whose,
        ErrorCategory category
    )
    {
        var message =
            result.Status == ReservationStatus.RequestRate
                ? $"The limit of {reservation.Limits.RequestsPerMinute} requests per minute on {whose} is reached."
                : $"Of the limit of {reservation.Limits.TokensPerMinute} tokens per minute on {whose} {result.Tokens?.Remaining ?? 0} are left, and this request may need {reservation.Tokens}.";
        return new(new(429, category, message, null, "rate_limit_exceeded"), RetryAfter: result.RetryAfter);
    }

    private static string Exceeded(Budget budget, Reservation reservation, long? budgetLeft)
    {
        var period =
            budget.Period == BudgetPeriod.Total ? "in total" : $"per {budget.Period.ToString().ToLowerInvariant()}";
        var message =
            $"This key's budget of {Usd(budget.Amount)} USD {period} does not bear this request, which may cost {Usd(NanoUsd.ToUsd(reservation.MaxCost.ForOutputTokens(reservation.MinOutputTokens)))} USD";
        var left = Math.Max(0, budgetLeft ?? 0);
        message += budgetLeft is null ? "" : $": {Usd(NanoUsd.ToUsd(left))} USD are left";
        message +=
            budget.Period == BudgetPeriod.Total
                ? "."
                : $", and the budget begins again on {BudgetWindow.At(budget.Period, reservation.At).End:yyyy-MM-dd} (UTC).";
        return
            reservation.MaxCost.PerToken > 0
            && (left - reservation.MaxCost.Input) / reservation.MaxCost.PerToken is >= 1 and var tokens
            ? $"{message} With max_tokens of {tokens} or less it may pass."
            : message;
    }

    private static string Usd(decimal amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);
}
