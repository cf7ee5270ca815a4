namespace CogniForge.Llm.Limits;

/// <summary>Whether a claim is granted.</summary>
internal enum ReservationStatus
{
    /// <summary>It is.</summary>
    Granted,

    /// <summary>The requests of the minute are used up.</summary>
    RequestRate,

    /// <summary>The tokens of the minute are used up.</summary>
    TokenRate,

    /// <summary>The budget does not bear it.</summary>
    BudgetExceeded,

    /// <summary>The budget may bear it once requests that are being answered have told what they really cost.</summary>
    BudgetHeld,

    /// <summary>Nobody can tell now.</summary>
    Unavailable,
}
