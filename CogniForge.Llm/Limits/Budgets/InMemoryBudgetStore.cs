namespace CogniForge.Llm.Limits.Budgets;

/// <summary>Budgets of a single process without a database. They are lost on restart. Thread-safe.</summary>
internal sealed class InMemoryBudgetStore : IBudgetStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, BudgetWindow Window), Entry> _budgets = [];

    public Task<LeaseGrant?> RenewAsync(LeaseRenewal renewal, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_budgets.TryGetValue((renewal.Key, renewal.Window), out var budget))
            {
                budget = new();
                RemoveEnded(renewal);
                _budgets.Add((renewal.Key, renewal.Window), budget);
            }

            var others = budget.Leases.Where(l => l.Key != renewal.Lease).Select(l => l.Value).ToList();
            var grant = renewal.Grant(
                budget.Spent + others.Sum(l => l.Spent),
                budget.Spent + others.Sum(l => l.Allowance),
                isShort: false
            );
            budget.Leases[renewal.Lease] = (grant.Allowance, renewal.Spent, renewal.Held);
            return Task.FromResult<LeaseGrant?>(grant);
        }
    }

    public Task EndAsync(Guid lease, long spent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_budgets.Values.FirstOrDefault(b => b.Leases.Remove(lease)) is { } budget)
            {
                budget.Spent += spent;
            }
        }

        return Task.CompletedTask;
    }

    public Task<BudgetUsage?> ReadAsync(
        string key,
        BudgetWindow window,
        Guid? exceptLease,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult<BudgetUsage?>(
                _budgets.TryGetValue((key, window), out var budget)
                    ? new(
                        budget.Spent + budget.Leases.Where(l => l.Key != exceptLease).Sum(l => l.Value.Spent),
                        budget.Leases.Where(l => l.Key != exceptLease).Sum(l => l.Value.Held)
                    )
                    : null
            );
        }
    }

    public Task<long> SumRequestLogAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
        Task.FromResult(0L);

    public Task ReconcileAsync(string key, BudgetWindow window, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    private void RemoveEnded(LeaseRenewal renewal)
    {
        var ended = _budgets.Keys.Where(b => b.Key == renewal.Key && b.Window.End <= renewal.Window.Start.AddDays(-1));
        foreach (var budget in ended.ToList())
        {
            _budgets.Remove(budget);
        }
    }

    private sealed class Entry
    {
        public long Spent { get; set; }

        public Dictionary<Guid, (long Allowance, long Spent, long Held)> Leases { get; } = [];
    }
}
