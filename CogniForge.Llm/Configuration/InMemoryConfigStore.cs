namespace CogniForge.Llm.Configuration;

internal sealed class InMemoryConfigStore : IConfigStore
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

    public Task ChangeAsync(Func<IReadOnlyList<ConfigEntry>, ConfigChange?> decide, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (decide(All()) is { } change)
            {
                _entries.Remove((change.Kind, change.Name));
                if (change.Document is not null)
                {
                    _entries[(change.Kind, change.Name)] = new(change.Kind, change.Name, change.Document);
                }
            }
        }

        return Task.CompletedTask;
    }

    private IReadOnlyList<ConfigEntry> All() =>
        [.. _entries.Values.OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal)];
}
