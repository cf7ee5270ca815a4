using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>A hard budget: concurrent requests cannot overspend it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Budget
{
    private const decimal MaxAmount = 1_000_000;
    private const int Decimals = 9;

    /// <summary>USD, 0 to 1,000,000, with at most nine decimals.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The period that the amount is for.</summary>
    public required BudgetPeriod Period { get; init; }

    public IEnumerable<FieldError> Validate() =>
        Amount is < 0 or > MaxAmount || decimal.Round(Amount, Decimals) != Amount
            ? [new("budget.amount", $"must be 0 to {MaxAmount}, with at most {Decimals} decimals")]
            : [];
}
