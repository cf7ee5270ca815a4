namespace CogniForge.Llm.Limits.Budgets;

/// <summary>
/// Holds what was spent of budgets, and what replicas may still spend. Its sum never exceeds the budget.
/// </summary>
internal interface IBudgetStore
{
    /// <summary>Stores what a lease has used, and extends it.</summary>
    /// <returns>Null: the lease has expired, and its use counts as spent.</returns>
    Task<LeaseGrant?> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken);

    /// <summary>Ends a lease without open requests.</summary>
    Task EndAsync(Guid lease, long spent, CancellationToken cancellationToken);

    /// <summary>The use of a budget outside one lease, and in the request log.</summary>
    Task<BudgetUsage> ReadAsync(
        string key,
        BudgetWindow window,
        Guid? exceptLease,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Raises what counts as spent to the sum of the request log: it also has requests that no lease covered.
    /// </summary>
    Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken);
}
