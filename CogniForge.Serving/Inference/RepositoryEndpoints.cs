using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Inference.OpenApi;
using CogniForge.Serving.Loading;
using CogniForge.Serving.Models;
using CogniForge.Serving.Protocol;
using CogniForge.Serving.Runners;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Inference;

/// <summary>Triton's model repository extension: extension_model_repository.md of triton-inference-server.</summary>
/// <remarks>
/// It concerns the replica that answers. A model that was unloaded is loaded again by the next request for it.
/// </remarks>
internal static class RepositoryEndpoints
{
    private const string Index =
        """[{ "name": "churn", "version": "1", "state": "READY", "reason": "" }]""";

    public static void MapModelRepository(this IEndpointRouteBuilder endpoints)
    {
        var repository = endpoints
            .MapGroup("/v2/repository")
            .WithTags("Open Inference Protocol")
            .WithErrorShape<ErrorResponse>();
        repository
            .MapPost("/index", ListAsync)
            .RequireScope(Scopes.ServingInfer)
            .WithName("RepositoryIndex")
            .WithSummary("List the models and their states in this replica")
            .WithExamples("""{ "ready": true }""", Index);
        repository
            .MapPost("/models/{name}/load", LoadAsync)
            .RequireScope(Scopes.Write("serving"))
            .WithName("RepositoryModelLoad")
            .WithSummary("Load the newest version of a model in this replica, and wait until it is ready")
            .Produces(StatusCodes.Status200OK);
        repository
            .MapPost("/models/{name}/unload", UnloadAsync)
            .RequireScope(Scopes.Write("serving"))
            .WithName("RepositoryModelUnload")
            .WithSummary("Unload the newest version of a model in this replica")
            .Produces(StatusCodes.Status200OK);
    }

    public static async Task<Ok<IReadOnlyList<RepositoryModel>>> ListAsync(
        RepositoryIndexRequest? request,
        RepositoryIndex index,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await index.ListAsync(request?.Ready == true, cancellationToken));

    public static async Task<Results<Ok, ProblemHttpResult>> LoadAsync(
        string name,
        ModelCatalog catalog,
        ModelRepository models,
        CancellationToken cancellationToken
    )
    {
        if (await catalog.FindAsync(name, null, cancellationToken) is not { } found)
        {
            return Unknown(name);
        }

        try
        {
            using var lease = await models.AcquireAsync(found, cancellationToken);
            return TypedResults.Ok();
        }
        catch (InferenceFailedException e)
        {
            return Problems.Create(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    public static async Task<Results<Ok, ProblemHttpResult>> UnloadAsync(
        string name,
        ModelCatalog catalog,
        ModelRepository models,
        CancellationToken cancellationToken
    )
    {
        if (await catalog.FindAsync(name, null, cancellationToken) is not { } found)
        {
            return Unknown(name);
        }

        models.Unload(found);
        return TypedResults.Ok();
    }

    private static ProblemHttpResult Unknown(string name) =>
        Problems.Create(StatusCodes.Status404NotFound, ModelLookup.DescribeUnknown(name, null));
}
