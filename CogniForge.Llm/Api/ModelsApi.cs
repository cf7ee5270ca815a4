using CogniForge.Llm.Application;
using CogniForge.ServiceDefaults.Keys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Llm.Api;

/// <summary>OpenAI's list of models.</summary>
internal static class ModelsApi
{
    public static void MapModels(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/v1/models").RequireScope(Scopes.LlmInvoke).WithTags("OpenAI");
        models.MapGet("/", List).WithName("ListModels").WithSummary("The models that can be asked");
        models.MapGet("/{id}", Get).WithName("GetModel").WithSummary("One of the models");
    }

    public static Ok<ModelList> List(IEnumerable<IChatTransport> transports) => TypedResults.Ok(new ModelList("list", [.. All(transports)]));

    public static Results<Ok<ModelInfo>, ProblemHttpResult> Get(string id, IEnumerable<IChatTransport> transports) =>
        All(transports).FirstOrDefault(m => m.Id == id) is { } model ? TypedResults.Ok(model) : ChatCompletionsApi.UnknownModel(id);

    private static IEnumerable<ModelInfo> All(IEnumerable<IChatTransport> transports) =>
        transports.SelectMany(t => t.Models.Select(m => new ModelInfo(m, "model", 0, t.Provider)));
}
