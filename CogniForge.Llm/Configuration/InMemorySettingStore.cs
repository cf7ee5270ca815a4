
namespace CogniForge.Llm.Configuration;

internal sealed class InMemorySettingStore : ISettingStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Name), Setting> _settings = [];

    public Task<IReadOnlyList<Setting>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(All());
        }
    }

    public Task ChangeAsync(Func<IReadOnlyList<Setting>, SettingChange?> decide, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (decide(All()) is { } change)
            {
                _settings.Remove((change.Kind, change.Name));
                if (change.Document is not null)
                {
                    _settings[(change.Kind, change.Name)] = new(change.Kind, change.Name, change.Document);
                }
            }
        }

        return Task.CompletedTask;
    }

    private IReadOnlyList<Setting> All() => [.. _settings.Values.OrderBy(s => s.Kind, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal)];
}
