using CogniForge.Llm.Application;
using CogniForge.Llm.Domain.Failures;
using CogniForge.Llm.Domain.Protocols;
using CogniForge.Llm.Domain.Routing;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Keys;

namespace CogniForge.Llm.Api;

/// <summary>OpenAI's list of models.</summary>
internal static class ModelsApi
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/v1/models").RequireScope(Scopes.LlmInvoke).WithTags("OpenAI").WithErrorShape<OpenAiErrorAnswer>();
        models.MapGet("/", List).WithName("ListModels").WithSummary("The models that can be asked");
        models.MapGet("/{**id}", Get).WithName("GetModel").WithSummary("One of the models").Produces<ModelInfo>(); // a model's name may have slashes
    }

    public static ModelList List(CurrentSettings settings) => new("list", [.. Named(settings.Value.Routes).Order(StringComparer.Ordinal).Select(name => Info(name, settings.Value.Routes.Resolve(name)))]);

    public static async Task Get(string id, CurrentSettings settings, HttpContext context)
    {
        if (settings.Value.Routes.Resolve(id) is { } route)
        {
            await context.Response.WriteAsJsonAsync(Info(id, route), context.RequestAborted);
        }
        else
        {
            await ClientErrorWriter.WriteAsync(context, Protocol.ChatCompletions, ClientErrors.UnknownModel(id), null);
        }
    }

    private static IEnumerable<string> Named(RouteTable routes) =>
        routes.Routes.SelectMany(r => r.Aliases.Prepend(r.Name)).Where(n => !n.Contains('*', StringComparison.Ordinal)).Append(Provider.Mock.Name).Distinct();

    private static ModelInfo Info(string name, ResolvedRoute? route) => new(name, "model", 0, route?.Targets[0].Provider.Name ?? "");
}
