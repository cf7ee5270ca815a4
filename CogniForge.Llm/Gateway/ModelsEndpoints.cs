using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Providers;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;

namespace CogniForge.Llm.Gateway;

/// <summary>
/// Lists the routes and what the providers offer in OpenAI's format, or in Anthropic's if the client sends
/// <c>anthropic-version</c>.
/// </summary>
internal static class ModelsEndpoints
{
    private const string ExampleModel = """{ "id": "mock", "object": "model", "created": 0, "owned_by": "mock" }""";

    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints
            .MapGroup("/v1/models")
            .RequireScope(Scopes.LlmInvoke)
            .WithTags("OpenAI")
            .WithErrorShape<OpenAiErrorResponse>();
        models
            .MapGet("/", List)
            .WithName("ListModels")
            .WithSummary("List the available models; in Anthropic's format if the client sends anthropic-version")
            .WithDescription(
                "Routes, aliases and, as `provider/model`, the models that the providers list. The gateway renews "
                    + "their lists at most every ten minutes. Models behind wildcards can be requested, but are not "
                    + "listed. In Anthropic's format, `limit`, `after_id` and `before_id` page the list."
            )
            .Produces<ModelList>()
            .WithExamples(response: $$"""{ "object": "list", "data": [{{ExampleModel}}] }""");
        models
            .MapGet("/{**id}", Get)
            .WithName("GetModel")
            .WithSummary("Get a model")
            .Produces<ModelInfo>()
            .WithExamples(response: ExampleModel); // a model name may contain slashes
    }

    public static async Task List(CurrentConfig config, ProviderModels offered, HttpContext context)
    {
        var (routes, caller) = (config.Value.Routes, Caller.From(context.User));
        RequestIds.Set(context.Response, GetProtocol(context));
        var models = await offered.ListAsync(routes.Providers, context.RequestAborted);
        var found = GetModelNames(routes)
            .Concat(models.Select(m => $"{m.Provider.Name}/{m.Model.Id}"))
            .Distinct(StringComparer.Ordinal)
            .Select(n => (Name: n, Route: Find(n, config.Value, caller)))
            .Where(m => m.Route is not null)
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
        if (IsAnthropic(context))
        {
            var (page, hasMore, error) = AnthropicModelPage.Find(found.ConvertAll(m => m.Name), context.Request.Query);
            if (error is not null)
            {
                await ErrorWriter.WriteAsync(context, Protocol.Messages, new(error));
                return;
            }

            AnthropicModel[] listed =
            [
                .. found
                    .Take(page)
                    .Select(m => AnthropicModel.Create(m.Name, FindOffered(m.Name, m.Route!, offered))),
            ];
            await context.Response.WriteAsJsonAsync(
                new AnthropicModelList(listed, hasMore, listed.FirstOrDefault()?.Id, listed.LastOrDefault()?.Id),
                context.RequestAborted
            );
        }
        else
        {
            await context.Response.WriteAsJsonAsync(
                new ModelList("list", [.. found.Select(m => ToModelInfo(m.Name, m.Route!, offered))]),
                context.RequestAborted
            );
        }
    }

    public static async Task Get(string id, CurrentConfig config, ProviderModels offered, HttpContext context)
    {
        // SDKs escape the slash, and routing does not unescape it.
        id = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var routes = config.Value.Routes;
        if (Find(id, config.Value, Caller.From(context.User)) is not { } route)
        {
            await ErrorWriter.WriteAsync(
                context,
                GetProtocol(context),
                new(ClientErrors.UnknownModel(id, routes.FindMissingProvider(id)))
            );
            return;
        }

        RequestIds.Set(context.Response, GetProtocol(context));
        if (IsAnthropic(context))
        {
            await context.Response.WriteAsJsonAsync(
                AnthropicModel.Create(id, FindOffered(id, route, offered)),
                context.RequestAborted
            );
        }
        else
        {
            await context.Response.WriteAsJsonAsync(ToModelInfo(id, route, offered), context.RequestAborted);
        }
    }

    /// <summary>Finds the route of a model; null: the model does not exist, or the API key may not use it.</summary>
    private static ResolvedRoute? Find(string name, GatewayConfig config, Caller caller) =>
        TextLimits.IsName(name)
        && config.Routes.Find(name) is { } route
        && RouteAccess.Check(caller, config.Projects, name, route.Route.Name) is null
            ? route
            : null;

    private static IEnumerable<string> GetModelNames(RouteTable routes) =>
        routes
            .Routes.SelectMany(r => r.Aliases.Prepend(r.Name))
            .Where(n => !n.Contains('*', StringComparison.Ordinal))
            .Append(Provider.Mock.Name);

    private static ModelInfo ToModelInfo(string name, ResolvedRoute route, ProviderModels offered) =>
        new(name, "model", FindOffered(name, route, offered)?.Created ?? 0, route.Targets[0].Provider.Name);

    /// <summary>Finds what the provider lists of a model; null: it is a route, or is not listed.</summary>
    private static OfferedModel? FindOffered(string name, ResolvedRoute route, ProviderModels offered)
    {
        var target = route.Targets[0];
        return name == target.Id ? offered.Find(target.Provider, target.Model) : null;
    }

    /// <summary>Detects the client's protocol for paths that both APIs share.</summary>
    public static Protocol GetProtocol(HttpContext context) =>
        IsAnthropic(context) ? Protocol.Messages : Protocol.ChatCompletions;

    private static bool IsAnthropic(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");
}
