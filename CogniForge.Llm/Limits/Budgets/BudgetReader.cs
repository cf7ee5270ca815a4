namespace CogniForge.Llm.Limits.Budgets;

/// <summary>Reads the state of budgets.</summary>
internal sealed class BudgetReader(IBudgetStore store, BudgetLimiter budgets, TimeProvider time)
{
    /// <param name="key">What the budget is kept under.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async Task<BudgetReport> ReadAsync(string key, Budget budget, CancellationToken cancellationToken)
    {
        // The log first: a request that ends in between must not count as logged and still be held.
        var window = BudgetWindow.At(budget.Period, time.GetUtcNow());
        var logged = await store.SumRequestLogAsync(key, window, cancellationToken);
        var usage = await budgets.ReadAsync(key, window, cancellationToken);
        return BudgetReport.Create(budget, window, logged, usage);
    }
}
