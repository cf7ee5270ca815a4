namespace CogniForge.Llm.Limits;

/// <summary>Whether a reservation is granted, or the reason for the refusal.</summary>
internal enum ReservationStatus
{
    Granted,

    /// <summary>The requests of the minute are used up.</summary>
    RequestRate,

    /// <summary>The tokens of the minute are used up.</summary>
    TokenRate,

    /// <summary>The rest of the budget is less than the request's maximum cost.</summary>
    BudgetExceeded,

    /// <summary>The rest of the budget is reserved for open requests, which may turn out cheaper.</summary>
    BudgetHeld,

    /// <summary>The budget cannot be read now.</summary>
    Unavailable,
}
