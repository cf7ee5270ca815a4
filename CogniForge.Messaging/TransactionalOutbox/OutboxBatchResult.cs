namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>What became of a batch.</summary>
/// <param name="Attempts">The events that were tried.</param>
/// <param name="HasMore">Whether there may be more to publish now.</param>
/// <param name="IsAnnounced">Whether the other replicas were notified.</param>
internal sealed record OutboxBatchResult(IReadOnlyList<OutboxAttempt> Attempts, bool HasMore, bool IsAnnounced)
{
    /// <summary>Why the broker cannot be used; <see langword="null"/>: it can.</summary>
    public Exception? Outage { get; } = Attempts.FirstOrDefault(a => a.IsOutage)?.Failure;
}
