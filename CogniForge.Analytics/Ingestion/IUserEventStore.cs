namespace CogniForge.Analytics.Ingestion;

/// <summary>Stores user events.</summary>
internal interface IUserEventStore
{
    /// <summary>Adds events; an event whose source and message id are already stored is ignored.</summary>
    Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken);

    /// <summary>Counts the events with a name, or all events if <paramref name="name"/> is null.</summary>
    Task<long> CountAsync(string? name, CancellationToken cancellationToken);
}
