namespace CogniForge.ServiceDefaults.Audit;

/// <summary>Who acted, and from where.</summary>
/// <param name="Id">
/// The key's id; <c>root</c>, <c>service</c> or <c>development</c> for keys from configuration; <c>anonymous</c> for a
/// refused log-in.
/// </param>
/// <param name="Name">The key's name at that time.</param>
/// <param name="Address">
/// The client's address; of refused log-ins its IPv4 address or IPv6 /64, null for the sum of further addresses.
/// </param>
public sealed record AuditActor(string Id, string Name, string? Address);
