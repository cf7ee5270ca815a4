using System.Globalization;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Pricing;
using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Limits;

/// <summary>The errors of requests that exceed the limits of their key, project or route.</summary>
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

    /// <summary>The error of a key's reservation.</summary>
    public static ErrorResponse ForKey(ReservationResult result, Reservation reservation) =>
        For(result, reservation, LimitOwner.ForKey(reservation.Key, reservation.Limits));

    public static ErrorResponse For(ReservationResult result, Reservation reservation, LimitOwner owner) =>
        result.Status switch
        {
            ReservationStatus.RequestRate or ReservationStatus.TokenRate => CreateRateError(
                result,
                reservation,
                owner
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
                DescribeExceeded(owner, reservation, result.BudgetRemaining),
                "budget_exceeded",
                null
            ),
            _ => Create(
                503,
                ErrorCategory.Overloaded,
                $"{Capitalize(owner.BudgetName)} cannot be checked now. Try again in a few seconds.",
                "budget_unavailable",
                TimeSpan.FromSeconds(2)
            ),
        };

    private static ErrorResponse CreateRateError(ReservationResult result, Reservation reservation, LimitOwner owner)
    {
        var category = owner.RateCategory;
        if (result.Status == ReservationStatus.RequestRate)
        {
            var rpm = result.Requests!.Value;
            var text = $"The limit of {rpm.Limit} requests per minute on {owner.Name} is reached.";
            return Create(429, category, text, RateLimitExceeded, rpm.GetTimeUntil(1));
        }

        var tpm = result.Tokens!.Value;
        var message =
            $"The limit of {tpm.Limit} tokens per minute on {owner.Name} is reached: "
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

    private static string DescribeExceeded(LimitOwner owner, Reservation reservation, long? budgetRemaining)
    {
        var budget = owner.Limits.Budget!;
        var maxCost = Usd(reservation.LeastCost);
        var (amount, isEndless) = (Usd(NanoUsd.FromUsd(budget.Amount)), budget.Period == BudgetPeriod.Total);
        var period = isEndless ? "in total" : $"per {budget.Period.ToString().ToLowerInvariant()}";
        var message =
            $"{Capitalize(owner.BudgetName)} of {amount} USD {period} does not cover this request, "
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
