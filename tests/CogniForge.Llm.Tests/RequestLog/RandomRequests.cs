using CogniForge.Llm.RequestLog;

namespace CogniForge.Llm.Tests.RequestLog;

/// <summary>Generates random request log entries and filters.</summary>
internal static class RandomRequests
{
    private static readonly string[] _texts = ["a", "b", "=1+1", "\u00e9\ud83d\ude00", "a, \"b\"\n", "A"];

    /// <summary>Creates an entry within fifty hours after the start.</summary>
    public static RequestLogEntry Entry(Random random, DateTimeOffset start)
    {
        var at = start + TimeSpan.FromMilliseconds(random.Next(0, 200) * 900_000L + random.Next(3));
        var failed = random.Next(5) == 0;
        string? TextOrNull() => random.Next(4) == 0 ? null : _texts[random.Next(_texts.Length)];
        return new()
        {
            Id = Guid.CreateVersion7(at),
            OccurredAt = at,
            Caller = _texts[random.Next(3)],
            User = TextOrNull(),
            Route = TextOrNull(),
            RequestedModel = "fast",
            Provider = failed && random.Next(2) == 0 ? "" : _texts[random.Next(2)],
            Model = _texts[random.Next(_texts.Length)],
            Protocol = random.Next(3) == 0 ? "embeddings" : "messages",
            Streamed = random.Next(2) == 0,
            Status = failed ? 429 + random.Next(2) : 200,
            Error = failed ? "rate_limited" : null,
            FinishReason = TextOrNull(),
            InputTokens = random.Next(4) == 0 ? 0 : random.Next(100_000_000),
            OutputTokens = random.Next(4) == 0 ? 0 : random.Next(100_000_000),
            CacheReadTokens = random.Next(1_000),
            CacheWriteTokens = random.Next(1_000),
            ReasoningTokens = random.Next(1_000),
            Estimated = random.Next(2) == 0,
            Cost = random.Next(4) == 0 ? null : random.NextInt64(1, long.MaxValue) / 1_000_000_000_000_000_000m,
            Cached = random.Next(4) == 0,
            Saved = random.Next(4) == 0 ? random.Next(1_000) / 1_000_000m : null,
            Attempts = random.Next(4),
            DurationMs = random.NextDouble() * 1_000,
            FirstChunkMs = random.Next(2) == 0 ? null : random.NextDouble(),
            TraceParent = null,
            Project = TextOrNull(),
            Metadata = random.Next(2) == 0 ? null : new Dictionary<string, string>
            {
                ["run"] = _texts[random.Next(3)],
                ["te\"am"] = _texts[random.Next(_texts.Length)],
            },
        };
    }

    /// <summary>Creates a filter that matches some of the entries.</summary>
    public static RequestLogFilter Filter(Random random, DateTimeOffset start)
    {
        string? TextOrNull() => random.Next(5) == 0 ? _texts[random.Next(_texts.Length)] : null;
        DateTimeOffset? TimeOrNull() =>
            random.Next(3) == 0
                ? start + TimeSpan.FromMilliseconds(random.Next(0, 200) * 900_000L + random.Next(3))
                : null;
        return new()
        {
            Key = TextOrNull(),
            User = TextOrNull(),
            Route = TextOrNull(),
            Provider = TextOrNull(),
            Model = TextOrNull(),
            Project = TextOrNull(),
            Status = random.Next(5) == 0 ? 429 : null,
            Error = random.Next(5) == 0 ? "rate_limited" : null,
            From = TimeOrNull()?.ToOffset(TimeSpan.FromHours(5)),
            To = TimeOrNull(),
        };
    }
}
