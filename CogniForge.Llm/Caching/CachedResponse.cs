using CogniForge.Llm.Pricing;

namespace CogniForge.Llm.Caching;

/// <summary>An answer that can be given again.</summary>
/// <param name="Body">The complete answer in the client's protocol, JSON in UTF-8.</param>
/// <param name="Provider">Who answered.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Target">The target, <c>provider/model</c>.</param>
/// <param name="FinishReason">Why it ended; null: it does not say.</param>
/// <param name="Usage">What it consumed then.</param>
/// <param name="Cost">What it cost then, USD; null: it had no price.</param>
/// <param name="StoredAt">When it was stored, UTC.</param>
/// <param name="ExpiresAt">From when on it is no longer given, UTC.</param>
/// <param name="Tags">By these it can be purged.</param>
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
