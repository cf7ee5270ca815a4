using CogniForge.Llm.Limits.Rates;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>A route in configuration (<c>Routes:{name}</c>).</summary>
internal sealed class RouteOptions
{
    /// <summary>Who answers.</summary>
    public List<TargetOptions> Targets { get; set; } = [];

    /// <summary>Other names.</summary>
    public List<string> Aliases { get; set; } = [];

    /// <summary>The most output tokens.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>What all its requests together are limited to.</summary>
    public RateLimits? Limits { get; set; }

    /// <summary>How long to wait.</summary>
    public TimeoutOptions? Timeouts { get; set; }

    /// <summary>Whether answers are given again.</summary>
    public CachePolicy? Cache { get; set; }

    /// <summary>The timeouts by the names of their keys.</summary>
    internal sealed class TimeoutOptions
    {
        public TimeSpan? FirstToken { get; set; }

        public TimeSpan? Silence { get; set; }

        public TimeSpan? Answer { get; set; }

        public TimeSpan? Total { get; set; }

        public static implicit operator RouteTimeouts?(TimeoutOptions? o) =>
            o is null ? null : new(o.FirstToken, o.Silence, o.Answer, o.Total);
    }
}
