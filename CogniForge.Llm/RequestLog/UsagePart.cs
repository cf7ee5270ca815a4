namespace CogniForge.Llm.RequestLog;

/// <summary>A part of what was spent.</summary>
/// <param name="Group">
/// What its requests have in common, e.g. <c>{"model":"gpt-6-luna","day":"2026-11-01"}</c>; null: they had none. Beside <c>key</c>, an id, stands <c>keyName</c>, what the key is called now.
/// </param>
/// <param name="Sums">Their sums.</param>
internal sealed record UsagePart(IReadOnlyDictionary<string, string?> Group, UsageSums Sums);
