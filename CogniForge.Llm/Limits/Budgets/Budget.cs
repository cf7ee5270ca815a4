using System.Text.Json.Serialization;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>A hard budget: concurrent requests cannot overspend it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Budget
{
    /// <summary>USD, 0 to 1,000,000, with at most nine decimals.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The period that the amount is for.</summary>
    public required BudgetPeriod Period { get; init; }
}
