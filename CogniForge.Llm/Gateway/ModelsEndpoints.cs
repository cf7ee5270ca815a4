using CogniForge.Llm.Configuration;
using CogniForge.Llm.Gateway.OpenApi;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Resilience;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;

namespace CogniForge.Llm.Gateway;

/// <summary>The list of models: OpenAI's, and for clients that send <c>anthropic-version</c> Anthropic's.</summary>
internal static class ModelsEndpoints
{
    private const string Example = """{ "id": "mock", "object": "model", "created": 0, "owned_by": "mock" }""";

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
            .WithSummary("The models that can be asked; in Anthropic's form for clients that send anthropic-version")
            .Produces<ModelList>()
            .WithExamples(response: $$"""{ "object": "list", "data": [{{Example}}] }""");
        models
            .MapGet("/{**id}", Get)
            .WithName("GetModel")
            .WithSummary("One of the models")
            .Produces<ModelInfo>()
            .WithExamples(response: Example); // a model's name may have slashes
    }

    public static Task List(CurrentConfig config, HttpContext context)
    {
        var (routes, limits) = (config.Value.Routes, Caller.From(context.User).Limits as KeyLimits);
        RequestIds.Set(context.Response, GetProtocol(context));
        var names = Named(routes)
            .Where(n => Find(n, routes, limits) is not null)
            .Order(StringComparer.Ordinal)
            .ToList();
        return IsAnthropic(context)
            ? context.Response.WriteAsJsonAsync(
                new AnthropicModelList(
                    [.. names.Select(AnthropicModel.Create)],
                    false,
                    names.FirstOrDefault(),
                    names.LastOrDefault()
                ),
                context.RequestAborted
            )
            : context.Response.WriteAsJsonAsync(
                new ModelList("list", [.. names.Select(n => Info(n, routes.Resolve(n)!))]),
                context.RequestAborted
            );
    }

    public static async Task Get(string id, CurrentConfig config, HttpContext context)
    {
        id = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // SDKs escape it, and a path keeps it so
        var routes = config.Value.Routes;
        if (Find(id, routes, Caller.From(context.User).Limits as KeyLimits) is not { } route)
        {
            await ErrorWriter.WriteAsync(
                context,
                GetProtocol(context),
                new(ClientErrors.UnknownModel(id, routes.Missing(id)))
            );
            return;
        }

        RequestIds.Set(context.Response, GetProtocol(context));
        if (IsAnthropic(context))
        {
            await context.Response.WriteAsJsonAsync(AnthropicModel.Create(id), context.RequestAborted);
        }
        else
        {
            await context.Response.WriteAsJsonAsync(Info(id, route), context.RequestAborted);
        }
    }

    /// <summary>A model's route; null: there is none that the key may use.</summary>
    private static ResolvedRoute? Find(string name, RouteTable routes, KeyLimits? limits) =>
        ShortText.IsName(name) && routes.Resolve(name) is { } route && limits?.Allows(name, route.Route.Name) != false
            ? route
            : null;

    private static IEnumerable<string> Named(RouteTable routes) =>
        routes
            .Routes.SelectMany(r => r.Aliases.Prepend(r.Name))
            .Where(n => !n.Contains('*', StringComparison.Ordinal))
            .Append(Provider.Mock.Name)
            .Distinct();

    private static ModelInfo Info(string name, ResolvedRoute route) =>
        new(name, "model", 0, route.Targets[0].Provider.Name);

    /// <summary>Whose client asks, where the path does not say it.</summary>
    public static Protocol GetProtocol(HttpContext context) =>
        IsAnthropic(context) ? Protocol.Messages : Protocol.ChatCompletions;

    private static bool IsAnthropic(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");
}
