namespace CogniForge.Serving.Experiments;

/// <summary>The variant of a unit.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="Variant">Its variant; null: it takes no part, or the experiment does not run.</param>
/// <param name="Version">The variant's version of the model; null as the variant.</param>
internal sealed record AssignmentResponse(string Experiment, string UnitId, string? Variant, int? Version);
