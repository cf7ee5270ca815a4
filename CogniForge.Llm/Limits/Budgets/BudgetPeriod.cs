namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The period of a budget. Periods begin at midnight UTC.</summary>
internal enum BudgetPeriod
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A week that begins on Monday (ISO 8601).</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>The lifetime of the key.</summary>
    Total,
}
