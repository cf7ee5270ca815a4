namespace CogniForge.Llm.RequestLog;

/// <summary>What was spent in a time.</summary>
/// <param name="From">The beginning.</param>
/// <param name="To">The end; what happens in this moment is not in it.</param>
/// <param name="GroupBy">How it is divided.</param>
/// <param name="Totals">The sums over everything: exactly those of the groups.</param>
/// <param name="Groups">The parts, by their values.</param>
internal sealed record UsageReport(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<string> GroupBy,
    UsageSums Totals,
    IReadOnlyList<UsagePart> Groups
);
