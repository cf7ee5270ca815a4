namespace CogniForge.Messaging.TransactionalOutbox;

/// <summary>Options of the outbox dispatcher.</summary>
internal sealed class OutboxOptions
{
    public const string SectionName = "Outbox";

    /// <summary>The interval at which the outbox is polled without a signal, 100 ms to 1 day. Default: 10 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The number of events claimed and published concurrently, 1 to 1,000. Default: 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>
    /// The delay after a failure, 10 ms to 1 min. For refused events and types it doubles up to the poll interval.
    /// Default: 1 s.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}
