using System.Collections.Concurrent;

namespace CogniForge.Llm.Limits.Budgets;

/// <summary>Compares budgets with the request log, which also has requests that no lease covered.</summary>
internal sealed class BudgetReconciler(BudgetLimiter budgets, IBudgetStore store, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    // By then every replica knows a key's new limits, and has renewed its leases since.
    private static readonly TimeSpan _delayAfterChange = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _changedKeys = new();

    /// <summary>Schedules a reconciliation of what a key spent while it had no budget, or another one.</summary>
    public void OnLimitsChanged(string key) => _changedKeys[key] = time.GetUtcNow() + _delayAfterChange;

    /// <summary>Compares new leases, leases after an interval, and keys whose limits have changed.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var lease in budgets.Leases.Where(l => l.ReconcileAt <= now))
        {
            var isDone = await TryReconcileAsync(lease.Key, [lease.Window], cancellationToken);
            lease.ReconcileAt = now + (isDone ? _interval : _retryDelay);
        }

        foreach (var changed in _changedKeys.Where(c => c.Value <= now))
        {
            var windows = Enum.GetValues<BudgetPeriod>().Select(p => BudgetWindow.At(p, now));
            if (await TryReconcileAsync(changed.Key, windows, cancellationToken))
            {
                _changedKeys.TryRemove(changed);
            }
            else
            {
                _changedKeys.TryUpdate(changed.Key, now + _retryDelay, changed.Value);
            }
        }
    }

    private async Task<bool> TryReconcileAsync(
        string key,
        IEnumerable<BudgetWindow> windows,
        CancellationToken cancellationToken
    )
    {
        try
        {
            foreach (var window in windows)
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                timeout.CancelAfter(_timeout);
                await store.ReconcileAsync(key, window, timeout.Token);
            }

            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // while the database is away, renewals report it
        }
    }
}
