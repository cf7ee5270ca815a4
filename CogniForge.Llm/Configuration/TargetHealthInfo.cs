namespace CogniForge.Llm.Configuration;

/// <summary>The health of a target at this replica.</summary>
/// <param name="Model">The provider's name of the model.</param>
/// <param name="Circuit">The state of the circuit breaker.</param>
/// <param name="Calls">
/// The number of attempts since the replica first used the target; ten idle minutes reset it.
/// </param>
/// <param name="Failures">The number of attempts that failed because of the target.</param>
/// <param name="CoolingUntil">The end of the cool-down that the provider requested; null: none.</param>
internal sealed record TargetHealthInfo(
    string Model,
    Circuit Circuit,
    long Calls,
    long Failures,
    DateTimeOffset? CoolingUntil
);
