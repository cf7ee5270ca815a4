using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.RequestLog;

/// <summary>The fact that a request was dealt with: stored, and announced as <see cref="EventType"/>. It holds nothing of what was said.</summary>
internal sealed record RequestLogEntry
{
    /// <summary>The type of the event whose body is an array of these records.</summary>
    public const string EventType = "llm.completion.recorded.v1";

    /// <summary>UUID version 7; who reads the record twice knows it by this.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was answered, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The id of the key that asked.</summary>
    public required string Caller { get; init; }

    /// <summary>The end user that the client named; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The route; null: no route was found.</summary>
    public string? Route { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>Who answered, e.g. <c>mock</c>; empty: nobody.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The model that answered; that asked for, when nobody did.</summary>
    public required string Model { get; init; }

    /// <summary>What the client spoke, e.g. <c>chat_completions</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>The HTTP status that the client got; 499: it went away; of a stream that failed after its beginning, what it would have been.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The category of its failure, e.g. <c>rate_limited</c>; null: it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>Why the answer ended, in the provider's words; null: it did not say.</summary>
    public string? FinishReason { get; init; }

    /// <summary>All input tokens.</summary>
    public int InputTokens { get; init; }

    /// <summary>All output tokens.</summary>
    public int OutputTokens { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public int CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>Output tokens that nobody sees.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Whether the gateway estimated the tokens, or knows no multiplier for the service tier.</summary>
    public bool Estimated { get; init; }

    /// <summary>The cost, USD; null: the model has no price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether the answer came from the gateway's cache.</summary>
    public bool Cached { get; init; }

    /// <summary>What an answer from the gateway's cache would have cost, USD; null: it was none, or the model has no price.</summary>
    public decimal? Saved { get; init; }

    /// <summary>How often targets were asked; 0: none was.</summary>
    public int Attempts { get; init; }

    /// <summary>From request to the end of the answer, in milliseconds.</summary>
    public double DurationMs { get; init; }

    /// <summary>From request to the first part of a streamed answer, in milliseconds; null: it was not streamed.</summary>
    public double? FirstChunkMs { get; init; }

    /// <summary>The W3C trace context of the request; null: it was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>This record with a usage's tokens.</summary>
    public RequestLogEntry With(TokenUsage usage) =>
        this with
        {
            InputTokens = usage.Input,
            OutputTokens = usage.Output,
            CacheReadTokens = usage.CacheRead,
            CacheWriteTokens = usage.CacheWrite + usage.CacheWriteLong,
            ReasoningTokens = usage.Reasoning,
            Estimated = usage.IsEstimated,
        };
}
