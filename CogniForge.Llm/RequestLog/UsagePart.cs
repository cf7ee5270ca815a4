namespace CogniForge.Llm.RequestLog;

/// <summary>The usage of a group of requests.</summary>
/// <param name="Group">
/// The values of the dimensions, e.g. <c>{"model":"gpt-6-luna","day":"2026-11-01"}</c>; null: the requests have none.
/// <c>keyName</c> is the current name of <c>key</c>.
/// </param>
/// <param name="Sums">The sums over the group.</param>
internal sealed record UsagePart(IReadOnlyDictionary<string, string?> Group, UsageSums Sums);
