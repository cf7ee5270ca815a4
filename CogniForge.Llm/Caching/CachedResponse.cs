using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Caching;

/// <param name="Body">The complete response in the client's protocol, JSON in UTF-8.</param>
/// <param name="Provider">The provider that generated the response.</param>
/// <param name="Model">The model that generated the response.</param>
/// <param name="Target">The target, <c>provider/model</c>.</param>
/// <param name="FinishReason">The finish reason; null: the response has none.</param>
/// <param name="Usage">The usage of the original request.</param>
/// <param name="Cost">The cost of the original request, USD; null: the model had no price.</param>
/// <param name="StoredAt">When the response was stored, UTC.</param>
/// <param name="ExpiresAt">When the response expires, UTC.</param>
/// <param name="Tags">The tags by which the response can be purged.</param>
internal sealed record CachedResponse(
    byte[] Body,
    string Provider,
    string Model,
    string Target,
    string? FinishReason,
    TokenUsage Usage,
    decimal? Cost,
    DateTimeOffset StoredAt,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<string> Tags
);
