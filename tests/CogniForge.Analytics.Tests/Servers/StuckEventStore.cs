using CogniForge.Analytics.Ingestion;

namespace CogniForge.Analytics.Tests.Servers;

/// <summary>A store that is unavailable until it is repaired.</summary>
internal sealed class StuckEventStore : IUserEventStore
{
    private readonly InMemoryUserEventStore _events = new();

    public volatile bool IsRepaired;

    public Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken) =>
        IsRepaired ? _events.AddAsync(events, cancellationToken) : throw new TimeoutException("Unavailable.");

    public Task<long> CountAsync(string? name, CancellationToken cancellationToken) =>
        _events.CountAsync(name, cancellationToken);
}
