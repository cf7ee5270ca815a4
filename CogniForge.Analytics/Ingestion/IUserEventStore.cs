namespace CogniForge.Analytics.Ingestion;

/// <summary>Which events were recorded?</summary>
internal interface IUserEventStore
{
    /// <summary>Stores events; one whose message id is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken);

    /// <summary>How many events of that name there are; null: of all names.</summary>
    Task<long> CountAsync(string? name, CancellationToken cancellationToken);
}
