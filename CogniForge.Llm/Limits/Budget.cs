using System.Text.Json.Serialization;

namespace CogniForge.Llm.Limits;

/// <summary>A hard budget: it is not overspent, however many requests come at once.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Budget
{
    /// <summary>USD, 0 to 1,000,000, with at most nine decimals.</summary>
    public required decimal Amount { get; init; }

    /// <summary>For how long the amount is.</summary>
    public required BudgetPeriod Period { get; init; }
}
