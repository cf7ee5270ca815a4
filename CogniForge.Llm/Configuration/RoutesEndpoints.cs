using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Configuration;

internal static class RoutesEndpoints
{
    private const string Document = """
        "targets": [
          { "provider": "openai", "model": "gpt-6-luna", "order": 0, "weight": 3 },
          { "provider": "anthropic", "model": "claude-haiku-4-5", "order": 0, "weight": 1 }
        ],
        "aliases": ["cheap"], "defaults": { "temperature": 0.2 }, "maxOutputTokens": 4000,
        "limits": { "requestsPerMinute": 6000, "tokensPerMinute": 2000000 },
        "timeouts": { "firstTokenMs": 5000 }, "cache": { "lifetimeSeconds": 3600, "shared": false },
        "statefulReferences": "own", "allowedBetas": ["context-1m-*"]
        """;

    public static void MapRoutes(this IEndpointRouteBuilder endpoints)
    {
        var routes = ConfigEntryEndpoints.Map(
            endpoints,
            new ConfigEntries<ModelRoute, RouteInfo>
            {
                Kind = ConfigKinds.Route,
                Parameter = "{**name}",
                GetAll = config => config.Routes.Routes,
                GetName = route => route.Name,
                Show = RouteInfo.From,
                MapPut = (group, path) => group.MapPut(path, Put),
                Delete = editor => editor.DeleteRouteAsync,
                ConfigExample = $$"""{ {{Document}} }""",
                InfoExample = $$"""{ "name": "fast", "origin": "api", {{Document}} }""",
            }
        );
        routes.Put.WithDescription(
            "Overrides a route of the configuration with the same name until it is deleted. Names may contain "
                + "slashes and the wildcard `*`. Timeouts are in milliseconds."
        );
    }

    private static async Task<Results<Ok<RouteInfo>, Created<RouteInfo>, ProblemHttpResult>> Put(
        string name,
        RouteConfig route,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    )
    {
        name = ConfigChangeResponses.DecodeName(name);
        return ConfigChangeResponses.Put(
            await editor.PutRouteAsync(name, route, AuditedRequest.From(context), cancellationToken),
            () => RouteInfo.From(route.ToRoute(name, ConfigOrigin.Api))
        );
    }
}
