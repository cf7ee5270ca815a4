using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The state of a key's budget. Amounts are USD.</summary>
/// <param name="Period">The period that the amount is for.</param>
/// <param name="Start">The start of the current period, UTC; null if the period is <c>total</c>.</param>
/// <param name="End">The start of the next period, UTC; null if the period is <c>total</c>.</param>
/// <param name="Amount">The budget.</param>
/// <param name="Spent">
/// What was spent in the period; more than the amount if a provider billed more than a request's maximum.
/// </param>
/// <param name="Held">The most that open requests may cost.</param>
/// <param name="Remaining">What remains if all open requests cost their maximum; 0 or more.</param>
/// <param name="Exhausted">
/// Whether all of it is spent. A request that may cost more than what remains is refused before that.
/// </param>
internal sealed record BudgetReport(
    BudgetPeriod Period,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    decimal Amount,
    decimal Spent,
    decimal Held,
    decimal Remaining,
    bool Exhausted
)
{
    /// <param name="budget">The budget.</param>
    /// <param name="window">The current period.</param>
    /// <param name="usage">What the leases and the request log have.</param>
    public static BudgetReport Create(Budget budget, BudgetWindow window, BudgetUsage usage)
    {
        // The log lacks requests that have just ended, and leases those that ran before the key had a budget.
        var (spent, held) = (NanoUsd.ToUsd(Math.Max(usage.Logged, usage.Spent)), NanoUsd.ToUsd(usage.Held));
        var isEndless = budget.Period == BudgetPeriod.Total;
        return new(
            budget.Period,
            isEndless ? null : window.Start,
            isEndless ? null : window.End,
            budget.Amount,
            spent,
            held,
            Math.Max(0, budget.Amount - spent - held),
            spent >= budget.Amount
        );
    }
}
