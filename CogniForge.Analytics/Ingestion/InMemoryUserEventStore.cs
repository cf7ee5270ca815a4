using System.Collections.Concurrent;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Keeps the names of the first 100,000 events.</summary>
internal sealed class InMemoryUserEventStore : IUserEventStore
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<(string Source, string MessageId), string> _names = new();

    public Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events.TakeWhile(_ => _names.Count < Capacity))
        {
            _names.TryAdd((e.Source, e.MessageId), e.Event);
        }

        return Task.CompletedTask;
    }

    public Task<long> CountAsync(string? name, CancellationToken cancellationToken) =>
        Task.FromResult(_names.Values.LongCount(e => name is null || e == name));
}
