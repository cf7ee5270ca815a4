using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
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
        var routes = endpoints.MapGroup("/api/v1/llm/routes").WithTags("Routes");
        var view = $$"""{ "name": "fast", "origin": "api", {{Document}} }""";
        routes
            .MapGet("/", List)
            .RequireScope(Scopes.Read("llm"))
            .WithName("ListRoutes")
            .WithSummary("List all routes, by name, on one page")
            .WithExamples(response: $$"""{ "items": [{{view}}], "next": null }""");
        routes
            .MapGet("/{**name}", Get)
            .RequireScope(Scopes.Read("llm"))
            .WithName("GetRoute")
            .WithSummary("Get a route")
            .WithExamples(response: view);
        routes
            .MapPut("/{**name}", Put)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("PutRoute")
            .WithSummary("Create or replace a route; takes effect at every replica within two seconds")
            .WithDescription(
                "Overrides a route of the configuration with the same name until it is deleted. Names may contain "
                    + "slashes and the wildcard `*`. Timeouts are in milliseconds."
            )
            .WithExamples($$"""{ {{Document}} }""", view);
        routes
            .MapDelete("/{**name}", Delete)
            .RequireScope(Scopes.Admin("llm"))
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("DeleteRoute")
            .WithSummary("Delete a route of the API");
    }

    public static Ok<Page<RouteInfo>> List(CurrentConfig config) =>
        TypedResults.Ok(
            new Page<RouteInfo>(
                [.. config.Value.Routes.Routes.OrderBy(r => r.Name, StringComparer.Ordinal).Select(RouteInfo.From)],
                null
            )
        );

    public static Results<Ok<RouteInfo>, ProblemHttpResult> Get(string name, CurrentConfig config) =>
        Find(config, ConfigChangeResponses.DecodeName(name)) is { } route
            ? TypedResults.Ok(RouteInfo.From(route))
            : Problems.Create(
                StatusCodes.Status404NotFound,
                $"There is no route {ConfigChangeResponses.DecodeName(name)}."
            );

    public static async Task<Results<Ok<RouteInfo>, Created<RouteInfo>, ProblemHttpResult>> Put(
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

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string name,
        HttpContext context,
        ConfigEditor editor,
        CancellationToken cancellationToken
    ) =>
        ConfigChangeResponses.Delete(
            await editor.DeleteRouteAsync(
                ConfigChangeResponses.DecodeName(name),
                AuditedRequest.From(context),
                cancellationToken
            )
        );

    private static ModelRoute? Find(CurrentConfig config, string name) =>
        config.Value.Routes.Routes.FirstOrDefault(r => r.Name == name);
}
