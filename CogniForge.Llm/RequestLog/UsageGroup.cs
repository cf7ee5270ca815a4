namespace CogniForge.Llm.RequestLog;

/// <summary>A part of the usage.</summary>
/// <param name="Values">What its requests have in common, in the order in which it was asked for; null: they had none.</param>
/// <param name="Sums">Their sums.</param>
internal sealed record UsageGroup(IReadOnlyList<string?> Values, UsageSums Sums);
