namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>The result of a batch.</summary>
/// <param name="Attempts">The events attempted.</param>
/// <param name="HasMore">Whether more events may be ready to publish.</param>
/// <param name="IsAnnounced">Whether the other replicas were notified.</param>
internal sealed record OutboxBatchResult(IReadOnlyList<OutboxAttempt> Attempts, bool HasMore, bool IsAnnounced)
{
    /// <summary>The outage of the broker, or <see langword="null"/> if it is available.</summary>
    public Exception? Outage { get; } = Attempts.FirstOrDefault(a => a.IsOutage)?.Failure;
}
