namespace CogniForge.Llm.Limits;

/// <summary>What is counted of a budget, in billionths of a USD.</summary>
/// <param name="Spent">What requests have cost.</param>
/// <param name="Held">The most that open requests may cost.</param>
internal readonly record struct BudgetCount(long Spent, long Held);
