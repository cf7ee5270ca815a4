namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>The selection of events for a batch.</summary>
/// <param name="Size">The maximum number of events.</param>
/// <param name="WithoutTypes">The event types to skip because their retry time lies ahead.</param>
/// <param name="WithoutEvents">The events to skip because their retry time lies ahead.</param>
/// <param name="RetriedTypes">The types that failed before: one event of each probes for the rest.</param>
/// <param name="RetriedEvents">The events that failed before.</param>
/// <param name="IsRetry">Whether the previous batch failed as a whole.</param>
/// <param name="Replica">This replica, which sends the announcement.</param>
/// <param name="Announce">Whether to announce the events that this replica leaves to the others.</param>
internal sealed record OutboxBatchRequest(
    int Size,
    string[] WithoutTypes,
    Guid[] WithoutEvents,
    IReadOnlySet<string> RetriedTypes,
    IReadOnlySet<Guid> RetriedEvents,
    bool IsRetry,
    string Replica,
    bool Announce
)
{
    public bool IsRetried(OutboxRow row) =>
        IsRetry || RetriedTypes.Contains(row.Type) || RetriedEvents.Contains(row.Id);
}
