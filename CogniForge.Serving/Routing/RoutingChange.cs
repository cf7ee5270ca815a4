using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Routing;

/// <summary>What one transaction stores.</summary>
/// <param name="Routing">The routing afterwards; null: it is deleted.</param>
/// <param name="Audit">The audit entry.</param>
internal sealed record RoutingChange(ModelRouting? Routing, AuditEntry Audit);
