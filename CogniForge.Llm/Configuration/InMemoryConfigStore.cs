using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Llm.Configuration;

internal sealed class InMemoryConfigStore(IAuditLog audit) : IConfigStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Name), ConfigEntry> _entries = [];

    public Task<IReadOnlyList<ConfigEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(All());
        }
    }

    public Task ChangeAsync(
        Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide,
        AuditedRequest request,
        CancellationToken cancellationToken
    )
    {
        AuditEntry? entry = null;
        lock (_lock)
        {
            var all = All();
            if (decide(all) is { } change)
            {
                entry = change.ToAuditEntry(all, request);
                _entries.Remove((change.Kind, change.Name));
                if (change.Document is not null)
                {
                    _entries[(change.Kind, change.Name)] = new(change.Kind, change.Name, change.Document);
                }
            }
        }

        return entry is null ? Task.CompletedTask : audit.AddAsync(entry, cancellationToken);
    }

    private IReadOnlyList<ConfigEntry> All() =>
        [.. _entries.Values.OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal)];
}
