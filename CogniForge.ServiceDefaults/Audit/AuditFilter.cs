namespace CogniForge.ServiceDefaults.Audit;

/// <summary>Selects entries of the audit; null matches any value.</summary>
/// <param name="Actor">The id of the key.</param>
/// <param name="Action">The operation.</param>
/// <param name="Resource">What was changed.</param>
/// <param name="Address">The client's address.</param>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
public sealed record AuditFilter(
    string? Actor = null,
    string? Action = null,
    string? Resource = null,
    string? Address = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null
)
{
    internal bool Matches(AuditEntry entry) =>
        (Actor is null || entry.Actor.Id == Actor)
        && (Action is null || entry.Action == Action)
        && (Resource is null || entry.Resource == Resource)
        && (Address is null || entry.Actor.Address == Address)
        && (From is null || entry.OccurredAt >= From)
        && (To is null || entry.OccurredAt < To);
}
