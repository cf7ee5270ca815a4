namespace CogniForge.Llm.RequestLog;

/// <summary>Sums over requests.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Failed">The number of failed requests.</param>
/// <param name="Cached">The number of responses from the gateway's cache.</param>
/// <param name="InputTokens">All input tokens.</param>
/// <param name="OutputTokens">All output tokens.</param>
/// <param name="CacheReadTokens">Input tokens read from the providers' prompt caches.</param>
/// <param name="CacheWriteTokens">Input tokens written to the providers' prompt caches.</param>
/// <param name="ReasoningTokens">Reasoning tokens, part of the output tokens.</param>
/// <param name="Cost">The exact sum of the costs, USD.</param>
/// <param name="Saved">The cost that the gateway's cache saved, USD.</param>
/// <param name="Unpriced">Requests with an unknown cost, because their model has no price.</param>
/// <param name="Estimated">Requests with estimated tokens, or without a multiplier for their service tier.</param>
/// <param name="Completions">Successful requests that generated text, unlike embeddings, images or files.</param>
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
    long Estimated,
    long Completions
)
{
    public static UsageSums None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

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
            Count(entry.Estimated),
            Count(entry.IsCompletion)
        );

        static long Count(bool isCounted) => isCounted ? 1 : 0;
    }

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
            Estimated + other.Estimated,
            Completions + other.Completions
        );
}
