using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>What refused log-ins have in common that are one entry of the audit.</summary>
internal sealed record RefusedLogin(string Action, AuditActor Actor);
