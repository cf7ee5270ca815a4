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
    public RouteTimeouts? Timeouts { get; set; }

    /// <summary>Whether answers are given again.</summary>
    public CachePolicy? Cache { get; set; }
}
