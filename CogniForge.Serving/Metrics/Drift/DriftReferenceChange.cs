using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>What one transaction stores.</summary>
/// <param name="Reference">The reference of the model from now on; null: it has none any more.</param>
/// <param name="Audit">The audit entry.</param>
internal sealed record DriftReferenceChange(DriftReference? Reference, AuditEntry Audit);
