using System.Globalization;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Limits;

/// <summary>The errors of requests that exceed the limits of their key, project or route.</summary>
internal static class LimitErrors
{
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

    /// <param name="owner">The key or project with the limit, as the subject of a sentence.</param>
    /// <param name="model">The requested model.</param>
    public static ClientError RouteNotAllowed(string owner, string model) =>
        new(403, ErrorCategory.Forbidden, $"{owner} may not use the model '{model}'.", "model", "model_not_allowed");

    public static ClientError UnknownProject(string project) =>
        new(
            403,
            ErrorCategory.Forbidden,
            $"This key belongs to the project '{project}', which does not exist. "
                + $"PUT /api/v1/llm/projects/{project} creates it; the limits of the key may also name another one.",
            null,
            "project_not_found"
        );

    /// <param name="owner">The key or project with the budget.</param>
    /// <param name="model">The requested model.</param>
    /// <param name="tools">The provider's own tools that the request allows.</param>
    public static ClientError Unpriced(string owner, string model, IEnumerable<string> tools) =>
        new(
            403,
            ErrorCategory.Forbidden,
            $"{Capitalize(owner)} has a budget, but the model '{model}' has no price"
                + string.Concat(tools.Order(StringComparer.Ordinal).Take(1).Select(t => $" with a fee for {t}"))
                + ". PUT /api/v1/llm/prices/{effectiveFrom}/{model} sets one; it may be 0.",
            "model",
            "model_without_price"
        );

    /// <summary>The error of a reservation that is not granted.</summary>
    public static ErrorResponse For(ReservationResult result, Reservation reservation)
    {
        var owner = reservation.Owner;
        return result.Status switch
        {
            ReservationStatus.RequestRate => CreateRateError(owner, "requests", result.Requests!.Value, 1, ""),
            ReservationStatus.TokenRate => CreateRateError(
                owner,
                "tokens",
                result.Tokens!.Value,
                reservation.Tokens,
                $": {result.Tokens!.Value.Remaining} remain, and this request may need {reservation.Tokens}"
            ),
            ReservationStatus.BudgetHeld => Create(
                429,
                ErrorCategory.KeyRateLimited,
                $"The rest of {owner.BudgetName} is held for open requests, which may cost less. Try again soon.",
                "budget_held",
                TimeSpan.FromSeconds(1)
            ),
            ReservationStatus.BudgetExceeded => Create(
                402,
                ErrorCategory.BudgetExceeded,
                DescribeExceeded(reservation, result.BudgetRemaining),
                "budget_exceeded"
            ),
            _ => Create(
                503,
                ErrorCategory.Overloaded,
                $"{Capitalize(owner.BudgetName)} cannot be checked now. Try again in a few seconds.",
                "budget_unavailable",
                TimeSpan.FromSeconds(2)
            ),
        };
    }

    private static ErrorResponse CreateRateError(
        LimitOwner owner,
        string limited,
        RateLevel level,
        int needed,
        string details
    )
    {
        var wait = level.GetTimeUntil(Math.Min(needed, level.Limit));
        var message = $"The limit of {level.Limit} {limited} per minute on {owner.Name} is reached{details}.";
        return Create(429, owner.RateCategory, message, "rate_limit_exceeded", wait < _maxWait ? wait : _maxWait);
    }

    private static ErrorResponse Create(
        int status,
        ErrorCategory category,
        string message,
        string code,
        TimeSpan? retryAfter = null
    ) => new(new(status, category, message, null, code), RetryAfter: retryAfter);

    private static string DescribeExceeded(Reservation reservation, long? budgetRemaining)
    {
        var budget = reservation.Limits.Budget!;
        var maxCost = Usd(reservation.LeastCost);
        var (amount, isEndless) = (Usd(NanoUsd.FromUsd(budget.Amount)), budget.Period == BudgetPeriod.Total);
        var period = isEndless ? "in total" : $"per {budget.Period.ToString().ToLowerInvariant()}";
        var message =
            $"{Capitalize(reservation.Owner.BudgetName)} of {amount} USD {period} does not cover this request, "
            + $"which may cost {maxCost} USD";
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

    private static string Capitalize(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Usd(long nano) => NanoUsd.ToUsd(nano).ToString("0.#########", CultureInfo.InvariantCulture);
}
