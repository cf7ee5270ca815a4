namespace CogniForge.Serving.Experiments;

/// <summary>What the results say.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Variant">The variant that wins or harms; null: none.</param>
/// <param name="Reason">Why.</param>
internal sealed record ExperimentVerdict(VerdictDecision Decision, string? Variant, string Reason);
