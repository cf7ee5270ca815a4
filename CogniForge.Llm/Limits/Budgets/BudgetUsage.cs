namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The use of a budget in one window, over all replicas, in billionths of a USD.</summary>
/// <param name="Spent">The cost of finished requests.</param>
/// <param name="Held">The most that open requests may cost.</param>
/// <param name="Logged">The cost of the requests in the request log.</param>
internal sealed record BudgetUsage(long Spent, long Held, long Logged = 0);
