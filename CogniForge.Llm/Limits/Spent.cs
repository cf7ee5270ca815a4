namespace CogniForge.Llm.Limits;

/// <summary>What was spent.</summary>
/// <param name="Usd">The sum, USD.</param>
/// <param name="Recent">The records of the sum that may be told of again: those that were stored in the last half minute, and those that could not be left out.</param>
internal sealed record Spent(decimal Usd, IReadOnlyList<Guid> Recent);
