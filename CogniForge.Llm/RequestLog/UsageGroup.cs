namespace CogniForge.Llm.RequestLog;

/// <summary>The usage of a group of requests.</summary>
/// <param name="Values">The values of the dimensions, in their order; null: the requests have none.</param>
/// <param name="Sums">The sums over the group.</param>
internal sealed record UsageGroup(IReadOnlyList<string?> Values, UsageSums Sums);
