namespace CogniForge.Messaging.DeadLetters;

/// <summary>The result of a dead-letter replay.</summary>
/// <param name="Moved">The number of messages moved back to their queues for another attempt.</param>
/// <param name="Left">The number of messages that remain: one call moves at most 10,000 per queue.</param>
public sealed record DeadLettersReplayed(int Moved, int Left);
