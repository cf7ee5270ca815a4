using System.Collections.Concurrent;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>
/// Budgets of a single process without a database, which are lost on restart. It has one lease for each, so only what
/// was spent through leases that have ended is stored.
/// </summary>
internal sealed class InMemoryBudgetStore : IBudgetStore
{
    private readonly ConcurrentDictionary<(string Key, BudgetWindow Window), long> _spent = new();
    private readonly ConcurrentDictionary<Guid, (string Key, BudgetWindow Window)> _leases = new();

    public Task<LeaseGrant?> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        _leases[renewal.Lease] = (renewal.Key, renewal.Window);
        var spent = _spent.GetValueOrDefault((renewal.Key, renewal.Window));
        return Task.FromResult<LeaseGrant?>(renewal.Grant(spent, spent, isShort: false));
    }

    public Task EndAsync(Guid lease, long spent, CancellationToken cancellationToken)
    {
        if (_leases.TryRemove(lease, out var budget))
        {
            _spent.AddOrUpdate(budget, spent, (_, sum) => sum + spent);
            foreach (var ended in _spent.Keys.Where(b => b.Key == budget.Key && b.Window.End < budget.Window.Start))
            {
                _spent.TryRemove(ended, out _);
            }
        }

        return Task.CompletedTask;
    }

    public Task<BudgetUsage> ReadAsync(
        string key,
        BudgetWindow window,
        Guid? exceptLease,
        CancellationToken cancellationToken
    ) => Task.FromResult(new BudgetUsage(_spent.GetValueOrDefault((key, window)), Held: 0));

    public Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
