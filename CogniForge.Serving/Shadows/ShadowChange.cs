using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Shadows;

/// <summary>What one transaction stores.</summary>
/// <param name="Stored">The shadow to add or update; null: none.</param>
/// <param name="Deleted">The shadow to delete, with its comparisons; null: none.</param>
/// <param name="Audit">The audit entry.</param>
internal sealed record ShadowChange(Shadow? Stored, Shadow? Deleted, AuditEntry Audit);
