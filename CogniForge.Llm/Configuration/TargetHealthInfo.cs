namespace CogniForge.Llm.Configuration;

/// <summary>What a replica knows of a target.</summary>
/// <param name="Model">The model.</param>
/// <param name="Circuit">The state of its circuit breaker.</param>
/// <param name="Calls">Attempts since the process started.</param>
/// <param name="Failures">Those that failed by the target's fault.</param>
/// <param name="CoolingUntil">Until when it asked to be left alone; null: it may be asked.</param>
internal sealed record TargetHealthInfo(
    string Model,
    Circuit Circuit,
    long Calls,
    long Failures,
    DateTimeOffset? CoolingUntil
);
