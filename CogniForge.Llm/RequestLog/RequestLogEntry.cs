using System.Text.Json.Serialization;
using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.RequestLog;

/// <summary>A request of the log, without its content; also published as <see cref="EventType"/>.</summary>
internal sealed record RequestLogEntry
{
    /// <summary>The type of the event whose data is an array of entries.</summary>
    public const string EventType = "llm.completion.recorded.v1";

    /// <summary>UUID version 7. Consumers of the event recognize repeated entries by it.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the request ended, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The id of the API key.</summary>
    public required string Caller { get; init; }

    /// <summary>The end user that the request names; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The name of the route; null: no route was found.</summary>
    public string? Route { get; init; }

    /// <summary>The requested model.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The provider that responded, e.g. <c>mock</c>; empty: none.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The model that responded; the requested model if none did.</summary>
    public required string Model { get; init; }

    /// <summary>The protocol of the client, e.g. <c>chat_completions</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Whether the response was streamed.</summary>
    public bool Streamed { get; init; }

    /// <summary>
    /// The HTTP status of the response; 499: the client disconnected. If a stream failed after its start, the status
    /// that the error has outside of streams.
    /// </summary>
    public int Status { get; init; } = 200;

    /// <summary>The category of the error, e.g. <c>rate_limited</c>; null: none.</summary>
    public string? Error { get; init; }

    /// <summary>The provider's reason for the end of the response; null: none.</summary>
    public string? FinishReason { get; init; }

    /// <summary>All input tokens.</summary>
    public int InputTokens { get; init; }

    /// <summary>All output tokens.</summary>
    public int OutputTokens { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public int CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>Reasoning tokens, part of the output tokens.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Whether the tokens are an estimate, or the price has no multiplier for the service tier.</summary>
    public bool Estimated { get; init; }

    /// <summary>The cost, USD; null: the model has no price.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Whether the response came from the gateway's cache.</summary>
    public bool Cached { get; init; }

    /// <summary>The cost that the gateway's cache saved, USD; null: not cached, or the model has no price.</summary>
    public decimal? Saved { get; init; }

    /// <summary>The number of calls to targets, including retries and fallbacks; 0 or more.</summary>
    public int Attempts { get; init; }

    /// <summary>The time from the request to the end of the response, in milliseconds.</summary>
    public double DurationMs { get; init; }

    /// <summary>The time from the request to the first chunk, in milliseconds; null: not streamed.</summary>
    public double? FirstChunkMs { get; init; }

    /// <summary>The W3C trace context of the request; null: not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The project of the API key at the time of the request; null: none.</summary>
    public string? Project { get; init; }

    /// <summary>
    /// The metadata of the API key, and that of the request under other names; null: none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Whether the request generated text, unlike embeddings, images or files.</summary>
    [JsonIgnore]
    public bool IsCompletion =>
        Status == 200 && Protocol is "chat_completions" or "responses" or "messages" or "completions";

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
