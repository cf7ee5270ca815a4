using CogniForge.ServiceDefaults.Http;

namespace CogniForge.ServiceDefaults.Audit;

/// <summary>Keeps the newest 10,000 entries.</summary>
internal sealed class InMemoryAuditLog : IAuditLog
{
    private const int MaxEntries = 10_000;
    private readonly Lock _lock = new();
    private readonly Queue<AuditEntry> _entries = [];

    public void Add(AuditEntry entry)
    {
        lock (_lock)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > MaxEntries)
            {
                _entries.Dequeue();
            }
        }
    }

    public Task AddAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        Add(entry);
        return Task.CompletedTask;
    }

    public Task<Page<AuditEntry>> ListAsync(
        AuditFilter filter,
        Cursor cursor,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_lock)
        {
            return Task.FromResult(
                Page.Create(
                    [
                        .. _entries
                            .Where(e => (cursor.AfterId == default || e.Id < cursor.AfterId) && filter.Matches(e))
                            .OrderByDescending(e => e.Id)
                            .Take(limit + 1),
                    ],
                    limit,
                    e => Cursor.After(e.Id)
                )
            );
        }
    }
}
