using System.Text.Json.Nodes;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>A route.</summary>
/// <param name="Name">What clients ask for as a model.</param>
/// <param name="Origin">Who set it up: <c>configuration</c> or <c>api</c>.</param>
/// <param name="Targets">Who answers.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Defaults">Fields of the body that a request gets when it does not set them; null: none.</param>
/// <param name="MaxOutputTokens">The most output tokens; null: no limit.</param>
/// <param name="Limits">What all its requests together are limited to; null: nothing.</param>
/// <param name="Timeouts">How long to wait, in milliseconds; null: the gateway's own.</param>
/// <param name="Cache">Whether answers are given again; null: they are not.</param>
internal sealed record RouteInfo(
    string Name,
    ConfigOrigin Origin,
    IReadOnlyList<TargetConfig> Targets,
    IReadOnlyList<string> Aliases,
    JsonObject? Defaults,
    int? MaxOutputTokens,
    RateLimitsConfig? Limits,
    TimeoutsConfig? Timeouts,
    CacheConfig? Cache
)
{
    public static RouteInfo From(ModelRoute route) =>
        new(
            route.Name,
            route.Origin,
            [.. route.Targets.Select(t => new TargetConfig(t.Provider, t.Model, t.Order, t.Weight))],
            route.Aliases,
            route.Defaults,
            route.MaxOutputTokens,
            RateLimitsConfig.From(route.Limits),
            TimeoutsConfig.From(route.Timeouts),
            CacheConfig.From(route.Cache)
        );
}
