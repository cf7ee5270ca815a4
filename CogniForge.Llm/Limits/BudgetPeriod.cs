namespace CogniForge.Llm.Limits;

/// <summary>Periods of budgets; they begin at midnight, UTC.</summary>
internal enum BudgetPeriod
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A week, from Monday on (ISO 8601).</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>The key's whole life.</summary>
    Total,
}
