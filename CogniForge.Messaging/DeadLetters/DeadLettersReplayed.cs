namespace CogniForge.Messaging.DeadLetters;

/// <summary>What became of the dead letters.</summary>
/// <param name="Moved">How many are back in their queues, to be tried again.</param>
/// <param name="Left">How many are still there: one call moves 10,000 of each queue at most.</param>
public sealed record DeadLettersReplayed(int Moved, int Left);
