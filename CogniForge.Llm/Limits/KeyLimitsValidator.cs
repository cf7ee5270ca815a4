using CogniForge.Llm.Limits.Rates;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits;

internal static class KeyLimitsValidator
{
    private const int MaxRoutes = 100;
    private const int MaxName = 200;
    private const decimal MaxAmount = 1_000_000;
    private const int Decimals = 9;

    /// <summary>The fields that break a rule, each with the rule.</summary>
    public static IEnumerable<FieldError> Validate(KeyLimits limits)
    {
        if (limits.Routes is { Count: 0 or > MaxRoutes })
        {
            yield return new("routes", $"must name 1 to {MaxRoutes} routes");
        }

        for (var i = 0; i < (limits.Routes?.Count ?? 0); i++)
        {
            if (limits.Routes![i] is not { Length: >= 1 and <= MaxName } name || name.Any(char.IsControl))
            {
                yield return new($"routes[{i}]", $"must be a name of 1 to {MaxName} characters");
            }
        }

        if (
            limits.Budget is { } budget
            && (budget.Amount is < 0 or > MaxAmount || decimal.Round(budget.Amount, Decimals) != budget.Amount)
        )
        {
            yield return new("budget.amount", $"must be 0 to {MaxAmount}, with at most {Decimals} decimals");
        }

        foreach (var error in new RateLimits(limits.RequestsPerMinute, limits.TokensPerMinute).Validate())
        {
            yield return error;
        }
    }
}
