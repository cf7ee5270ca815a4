namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>What a batch takes out of the outbox.</summary>
/// <param name="Size">The most events.</param>
/// <param name="WithoutTypes">The types that wait.</param>
/// <param name="WithoutEvents">The events that wait.</param>
/// <param name="RetriedTypes">The types that failed before: one event of each probes for the others.</param>
/// <param name="RetriedEvents">The events that failed before.</param>
/// <param name="IsRetry">Whether the batch before failed as a whole.</param>
/// <param name="Replica">The sender of the announcement.</param>
/// <param name="Announce">Whether to announce to the other replicas what this one leaves to them.</param>
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
