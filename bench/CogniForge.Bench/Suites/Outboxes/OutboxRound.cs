namespace CogniForge.Bench.Suites.Outboxes;

/// <summary>One round of one outbox.</summary>
/// <param name="P50Milliseconds">The median time from commit to confirmation.</param>
/// <param name="P99Milliseconds">The time that 99 % of the events do not exceed.</param>
/// <param name="EventsPerSecond">How fast a backlog leaves.</param>
internal sealed record OutboxRound(double P50Milliseconds, double P99Milliseconds, double EventsPerSecond);
