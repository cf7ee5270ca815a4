namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>How the outbox is dispatched.</summary>
internal sealed class OutboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Outbox";

    /// <summary>How often the outbox is searched without a signal, 100 ms to 1 day. Default: 10 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many events are claimed and published concurrently, 1 to 1,000. Default: 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// The pause after a failure, 10 ms to 1 min; for what the broker does not take it doubles up to the poll interval.
    /// Default: 1 s.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}
