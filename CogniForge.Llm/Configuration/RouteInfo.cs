using System.Text.Json.Nodes;
using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Configuration;

/// <summary>A route.</summary>
/// <param name="Name">The model name that clients request; it may contain the wildcard <c>*</c>.</param>
/// <param name="Origin">The origin: <c>configuration</c> or <c>api</c>.</param>
/// <param name="Targets">The targets.</param>
/// <param name="Aliases">Other names of the route.</param>
/// <param name="Defaults">Default values of fields in the request body; null: none.</param>
/// <param name="MaxOutputTokens">The maximum number of output tokens; null: no limit.</param>
/// <param name="Limits">The rate limits that all requests of the route share; null: none.</param>
/// <param name="Timeouts">The timeouts, in milliseconds; null: those of each provider.</param>
/// <param name="Cache">How responses are cached; null: not at all.</param>
/// <param name="StatefulReferences">
/// Which references to what providers keep for the gateway's account pass: <c>none</c>, <c>own</c> or <c>any</c>.
/// </param>
/// <param name="AllowedBetas">The beta features that pass to providers; null: those of the gateway.</param>
internal sealed record RouteInfo(
    string Name,
    ConfigOrigin Origin,
    IReadOnlyList<TargetConfig> Targets,
    IReadOnlyList<string> Aliases,
    JsonObject? Defaults,
    int? MaxOutputTokens,
    RateLimitsConfig? Limits,
    TimeoutsConfig? Timeouts,
    CacheConfig? Cache,
    StatefulReferences StatefulReferences,
    IReadOnlyList<string>? AllowedBetas
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
            CacheConfig.From(route.Cache),
            route.StatefulReferences,
            route.AllowedBetas
        );
}
