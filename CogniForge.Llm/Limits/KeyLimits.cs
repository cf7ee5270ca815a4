using System.Text.Json.Serialization;
using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>The limits of an API key. A limit that is not set does not apply.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record KeyLimits
{
    /// <summary>
    /// The routes or models that the key may use, 1 to 100 names; <c>*</c> matches anything, e.g. <c>gpt-*</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Routes { get; init; }

    /// <summary>The most that the key may spend per period.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Budget? Budget { get; init; }

    /// <summary>The most requests a minute, 1 to 1,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a minute, input and output together, 1 to 1,000,000,000.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TokensPerMinute { get; init; }

    /// <summary>The limits per minute; null: none.</summary>
    [JsonIgnore]
    public RateLimits? Rates =>
        this is { RequestsPerMinute: null, TokensPerMinute: null } ? null : new(RequestsPerMinute, TokensPerMinute);

    /// <summary>Whether anything but the routes is limited.</summary>
    [JsonIgnore]
    public bool HasQuota => this is not { Budget: null, RequestsPerMinute: null, TokensPerMinute: null };
}
