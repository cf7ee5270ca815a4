using System.Text.Json.Nodes;
using CogniForge.Llm.Configuration;
using CogniForge.Llm.Limits;

namespace CogniForge.Llm.Routing;

/// <summary>A name that clients ask for as a model, and who answers.</summary>
/// <param name="Name">The name, e.g. <c>fast</c>; a <c>*</c> in it stands for anything, e.g. <c>gpt-*</c>.</param>
/// <param name="Targets">Who answers, at least one.</param>
internal sealed record ModelRoute(string Name, IReadOnlyList<Target> Targets)
{
    /// <summary>Other names of the route. Default: none.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Fields of the body that a request gets when it does not set them, e.g. <c>temperature</c>. Default: none.</summary>
    public JsonObject? Defaults { get; init; }

    /// <summary>The most output tokens; a request that asks for more, or does not say, gets this. Default: no limit.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What all its requests together are limited to. Default: nothing.</summary>
    public RateLimits? Limits { get; init; }

    /// <summary>How long to wait. Default: the gateway's own.</summary>
    public RouteTimeouts? Timeouts { get; init; }

    /// <summary>Who set it up.</summary>
    public ConfigOrigin Origin { get; init; } = ConfigOrigin.Configuration;

    /// <summary>Its name and its aliases.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);

    /// <summary>Whether answers are given again. Default: they are not.</summary>
    public CachePolicy? Cache { get; init; }
}
