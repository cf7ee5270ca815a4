namespace CogniForge.Llm.Limits.Budgets;

/// <summary>The result of reserving from a budget.</summary>
/// <param name="Status">Granted, or the reason for the refusal.</param>
/// <param name="OutputTokens">The output tokens per choice that the budget covers.</param>
/// <param name="Remaining">
/// What remains if all open requests cost their maximum, in billionths of a USD; null: unknown.
/// </param>
internal readonly record struct BudgetResult(ReservationStatus Status, int OutputTokens, long? Remaining);
