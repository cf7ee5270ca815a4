namespace CogniForge.Llm.Limits;

/// <summary>How a key's budget stands. Amounts are USD.</summary>
/// <param name="Period">For how long the amount is.</param>
/// <param name="Start">When the present period began, UTC; null: the budget is for the key's whole life.</param>
/// <param name="End">When the next period begins, UTC; null: never.</param>
/// <param name="Amount">The budget.</param>
/// <param name="Spent">What was spent in the period; more than the amount, where a provider billed beyond the most that a request could cost.</param>
/// <param name="Held">The most that the requests which are being answered may cost; null: not known, because Redis is away.</param>
/// <param name="Remaining">What is left when all that is held is spent, 0 or more.</param>
/// <param name="Exhausted">Whether nothing is left, whatever the open requests come to cost. A request that may cost more than remains is refused before that.</param>
internal sealed record BudgetReport(
    BudgetPeriod Period,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    decimal Amount,
    decimal Spent,
    decimal? Held,
    decimal Remaining,
    bool Exhausted
);
