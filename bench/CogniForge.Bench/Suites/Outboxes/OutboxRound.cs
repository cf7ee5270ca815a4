namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>One round of one outbox.</summary>
/// <param name="P50Milliseconds">The median time from commit to confirmation.</param>
/// <param name="P99Milliseconds">The 99th percentile of that time.</param>
/// <param name="EventsPerSecond">The rate at which a backlog drains.</param>
internal sealed record OutboxRound(double P50Milliseconds, double P99Milliseconds, double EventsPerSecond);
