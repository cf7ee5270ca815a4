namespace CogniForge.Llm.RequestLog;

/// <summary>Sums over requests.</summary>
/// <param name="Requests">How many there were.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Cached">How many of them the gateway's cache answered.</param>
/// <param name="InputTokens">All input tokens.</param>
/// <param name="OutputTokens">All output tokens.</param>
/// <param name="CacheReadTokens">Input tokens read from prompt caches.</param>
/// <param name="CacheWriteTokens">Input tokens written to prompt caches.</param>
/// <param name="ReasoningTokens">Output tokens that nobody sees.</param>
/// <param name="Cost">The cost, USD, exactly the sum of the requests'.</param>
/// <param name="Saved">What answers from the gateway's cache would have cost, USD.</param>
/// <param name="Unpriced">Requests that cost what nobody knows: their model has no price. They are not in the cost.</param>
/// <param name="Estimated">Requests whose tokens the gateway estimated, or whose service tier has no multiplier.</param>
internal sealed record UsageSums(
    long Requests,
    long Failed,
    long Cached,
    long InputTokens,
    long OutputTokens,
    long CacheReadTokens,
    long CacheWriteTokens,
    long ReasoningTokens,
    decimal Cost,
    decimal Saved,
    long Unpriced,
    long Estimated
)
{
    /// <summary>The sums of nothing.</summary>
    public static UsageSums None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static UsageSums From(RequestLogEntry entry)
    {
        var isUnpriced = entry.Cost is null && (entry.Status == 200 || entry.InputTokens + entry.OutputTokens > 0);
        return new(
            1,
            Count(entry.Status != 200),
            Count(entry.Cached),
            entry.InputTokens,
            entry.OutputTokens,
            entry.CacheReadTokens,
            entry.CacheWriteTokens,
            entry.ReasoningTokens,
            entry.Cost ?? 0,
            entry.Saved ?? 0,
            Count(isUnpriced),
            Count(entry.Estimated)
        );

        static long Count(bool isCounted) => isCounted ? 1 : 0;
    }

    /// <summary>The sums over both.</summary>
    public UsageSums Add(UsageSums other) =>
        new(
            Requests + other.Requests,
            Failed + other.Failed,
            Cached + other.Cached,
            InputTokens + other.InputTokens,
            OutputTokens + other.OutputTokens,
            CacheReadTokens + other.CacheReadTokens,
            CacheWriteTokens + other.CacheWriteTokens,
            ReasoningTokens + other.ReasoningTokens,
            Cost + other.Cost,
            Saved + other.Saved,
            Unpriced + other.Unpriced,
            Estimated + other.Estimated
        );
}
