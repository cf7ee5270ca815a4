using System.Text.Json.Serialization;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.Configuration;

/// <summary>How the responses of a route are cached.</summary>
/// <param name="LifetimeSeconds">How long a response is reused, in seconds: 1 to 2,592,000 (30 days).</param>
/// <param name="Shared">Whether all API keys share the responses. Default: false, each key has its own.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CacheConfig(int? LifetimeSeconds, bool? Shared = null)
{
    /// <summary>The longest lifetime.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(30);

    private static readonly int _max = (int)MaxLifetime.TotalSeconds;

    public static CacheConfig? From(CachePolicy? policy) =>
        policy is null ? null : new((int)Math.Min(policy.Lifetime.TotalSeconds, int.MaxValue), policy.Shared);

    public IEnumerable<FieldError> Validate() =>
        LifetimeSeconds >= 1 && LifetimeSeconds <= _max
            ? []
            : [new("cache.lifetimeSeconds", $"must be 1 to {_max}")];

    /// <summary>Converts the valid model.</summary>
    public CachePolicy ToPolicy() => new(TimeSpan.FromSeconds(LifetimeSeconds!.Value), Shared ?? false);
}
