namespace CogniForge.Llm.Limits;

/// <summary>The answer to a claim.</summary>
/// <param name="Status">Whether it is granted.</param>
/// <param name="OutputTokens">The output tokens that the budget bears, at most those wanted.</param>
/// <param name="Requests">The requests per minute; null: not limited.</param>
/// <param name="Tokens">The tokens per minute; null: not limited.</param>
/// <param name="BudgetLeft">What is left of the budget when all that is held is spent, in billionths of a USD; null: no budget, or not known.</param>
/// <param name="RetryAfter">When to try again; null: of no use, or not known.</param>
internal readonly record struct ReservationResult(
    ReservationStatus Status,
    int OutputTokens = 0,
    RateLevel? Requests = null,
    RateLevel? Tokens = null,
    long? BudgetLeft = null,
    TimeSpan? RetryAfter = null
);
