using System.Collections.Concurrent;

namespace CogniForge.Analytics.Ingestion;

/// <summary>Keeps the first 100,000 events.</summary>
internal sealed class InMemoryUserEventStore : IUserEventStore
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<(string Source, string MessageId), UserEvent> _events = new();

    public Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        foreach (var e in events.TakeWhile(_ => _events.Count < Capacity))
        {
            _events.TryAdd((e.Source, e.MessageId), e);
        }

        return Task.CompletedTask;
    }

    public Task<long> CountAsync(string? name, CancellationToken cancellationToken) =>
        Task.FromResult(_events.Values.LongCount(e => name is null || e.Event == name));
}
