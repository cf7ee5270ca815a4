namespace CogniForge.Llm.RequestLog;

/// <summary>The usage in a period.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
/// <param name="GroupBy">The dimensions of the groups.</param>
/// <param name="Totals">The sums over all groups.</param>
/// <param name="Groups">The groups, ordered by their values.</param>
/// <param name="OmitsRolledUpDays">
/// Whether days of the period are left out, because they have been rolled up and sums have no metadata.
/// </param>
internal sealed record UsageReport(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<string> GroupBy,
    UsageSums Totals,
    IReadOnlyList<UsagePart> Groups,
    bool OmitsRolledUpDays
);
