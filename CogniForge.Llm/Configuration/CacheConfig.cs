using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>How a route's answers are cached.</summary>
/// <param name="LifetimeSeconds">How long an answer is given again: 1 to 2,592,000 (30 days).</param>
/// <param name="Shared">Whether all keys share the answers. Default: each key has its own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CacheConfig(int? LifetimeSeconds, bool? Shared = null)
{
    private const int Max = 30 * 24 * 3600;

    /// <summary>The document of a route's cache.</summary>
    public static CacheConfig? From(CachePolicy? policy) =>
        policy is null ? null : new((int)Math.Min(policy.Lifetime.TotalSeconds, int.MaxValue), policy.Shared);

    /// <summary>The rules that it breaks.</summary>
    public IEnumerable<FieldError> Validate() =>
        LifetimeSeconds is >= 1 and <= Max ? [] : [new("cache.lifetimeSeconds", $"must be 1 to {Max}")];

    /// <summary>The policy.</summary>
    public CachePolicy ToPolicy() => new(TimeSpan.FromSeconds(LifetimeSeconds!.Value), Shared ?? false);
}
