using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Experiments;

/// <summary>What one transaction stores.</summary>
/// <param name="Stored">The experiment to add or update; null: none.</param>
/// <param name="Audit">The audit entry; null: the change is not audited.</param>
/// <param name="Deleted">The experiment to delete, with its data; null: none.</param>
internal sealed record ExperimentChange(Experiment? Stored, AuditEntry? Audit, Experiment? Deleted = null);
