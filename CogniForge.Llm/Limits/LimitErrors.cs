using System.Globalization;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Limits;

/// <summary>The errors of requests that exceed the limits of their key or route.</summary>
internal static class LimitErrors
{
    private const string RateLimitExceeded = "rate_limit_exceeded";

    // Open requests may need less than they reserved, which comes back when they end: long before all of it has
    // refilled.
    private static readonly TimeSpan _maxWait = TimeSpan.FromMinutes(1);

    /// <summary>403: the key is limited to routes, and the request names further models.</summary>
    public static ClientError ModelsNotAllowed(string field) =>
        new(
            403,
            ErrorCategory.Forbidden,
            $"This key may only use some models, so '{field}' must be absent.",
            field,
            "model_not_allowed"
        );

    public static ClientError RouteNotAllowed(string model) =>
        new(403, ErrorCategory.Forbidden, $"This key may not use the model '{model}'.", "model", "model_not_allowed");

    /// <param name="model">The requested model.</param>
    /// <param name="tools">The provider's own tools that the request allows.</param>
    public static ClientError Unpriced(string model, IEnumerable<string> tools) =>
        new(
            403,
            ErrorCategory.Forbidden,
            $"This key has a budget, but the model '{model}' has no price"
                + string.Concat(tools.Order(StringComparer.Ordinal).Take(1).Select(t => $" with a fee for {t}"))
                + ". PUT /api/v1/llm/prices/{effectiveFrom}/{model} sets one; it may be 0.",
            "model",
            "model_without_price"
        );

    public static ErrorResponse For(ReservationResult result, Reservation reservation) =>
        result.Status switch
        {
            ReservationStatus.RequestRate or ReservationStatus.TokenRate => CreateRateError(
                result,
                reservation,
                "this key",
                ErrorCategory.KeyRateLimited
            ),
            ReservationStatus.BudgetHeld => Create(
                429,
                ErrorCategory.KeyRateLimited,
                "The rest of this key's budget is held for open requests, which may cost less. Try again soon.",
                "budget_held",
                TimeSpan.FromSeconds(1)
            ),
            ReservationStatus.BudgetExceeded => Create(
                402,
                ErrorCategory.BudgetExceeded,
                DescribeExceeded(reservation.Limits.Budget!, reservation, result.BudgetRemaining),
                "budget_exceeded",
                null
            ),
            _ => Create(
                503,
                ErrorCategory.Overloaded,
                "This key's budget cannot be checked now. Try again in a few seconds.",
                "budget_unavailable",
                TimeSpan.FromSeconds(2)
            ),
        };

    public static ErrorResponse ForRoute(ReservationResult result, Reservation reservation, ModelRoute route) =>
        CreateRateError(result, reservation, $"the route '{route.Name}'", ErrorCategory.RouteRateLimited);

    private static ErrorResponse CreateRateError(
        ReservationResult result,
        Reservation reservation,
        string owner,
        ErrorCategory category
    )
    {
        if (result.Status == ReservationStatus.RequestRate)
        {
            var rpm = result.Requests!.Value;
            var text = $"The limit of {rpm.Limit} requests per minute on {owner} is reached.";
            return Create(429, category, text, RateLimitExceeded, rpm.GetTimeUntil(1));
        }

        var tpm = result.Tokens!.Value;
        var message =
            $"The limit of {tpm.Limit} tokens per minute on {owner} is reached: "
            + $"{tpm.Remaining} remain, and this request may need {reservation.Tokens}.";
        var wait = tpm.GetTimeUntil(Math.Min(reservation.Tokens, tpm.Limit));
        return Create(429, category, message, RateLimitExceeded, wait < _maxWait ? wait : _maxWait);
    }

    private static ErrorResponse Create(
        int status,
        ErrorCategory category,
        string message,
        string code,
        TimeSpan? retryAfter
    ) => new(new(status, category, message, null, code), RetryAfter: retryAfter);

    private static string DescribeExceeded(Budget budget, Reservation reservation, long? budgetRemaining)
    {
        var maxCost = Usd(reservation.LeastCost);
        var (amount, isEndless) = (Usd(NanoUsd.FromUsd(budget.Amount)), budget.Period == BudgetPeriod.Total);
        var period = isEndless ? "in total" : $"per {budget.Period.ToString().ToLowerInvariant()}";
        var message =
            $"This key's budget of {amount} USD {period} does not cover this request, which may cost {maxCost} USD";
        var remaining = Math.Max(0, budgetRemaining ?? 0);
        message += budgetRemaining is null ? "" : $": {Usd(remaining)} USD remain";
        message += isEndless
            ? "."
            : $". The next period begins on {BudgetWindow.At(budget.Period, reservation.At).End:yyyy-MM-dd} (UTC).";
        return
            reservation.MaxCost.PerToken > 0
            && (remaining - reservation.MaxCost.Input) / reservation.MaxCost.PerToken is >= 1 and var tokens
            ? $"{message} With max_tokens of {tokens} or less it may pass."
            : message;
    }

    private static string Usd(long nano) => NanoUsd.ToUsd(nano).ToString("0.#########", CultureInfo.InvariantCulture);
}
