namespace CogniForge.Llm.Limits.Rates;

/// <summary>The result of acquiring, and the levels after it as <see cref="TokenBucket"/> counts them.</summary>
internal readonly record struct RateResult(ReservationStatus Status, double RequestLevel, double TokenLevel);
