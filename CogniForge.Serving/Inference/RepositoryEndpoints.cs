using System.Text.Json;
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
        HttpRequest request,
        ModelCatalog catalog,
        ModelRepository models,
        CancellationToken cancellationToken
    )
    {
        if (await ReadOverrideAsync(request.Body, cancellationToken) is { } parameter)
        {
            return Problems.Create(
                StatusCodes.Status400BadRequest,
                $"parameters.{parameter} is not supported: register another version of the model."
            );
        }

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

    /// <summary>The first parameter by which Triton's clients replace a part of the model; null: none.</summary>
    private static async Task<string?> ReadOverrideAsync(Stream body, CancellationToken cancellationToken)
    {
        var request = new MemoryStream(); // Triton's clients send no content type
        await body.CopyToAsync(request, cancellationToken);
        if (request.Length == 0)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(request.GetBuffer().AsMemory(0, (int)request.Length));
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("parameters", out var parameters)
                && parameters.ValueKind == JsonValueKind.Object
                ? parameters.EnumerateObject().Select(p => p.Name).FirstOrDefault()
                : null;
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }

    private static ProblemHttpResult Unknown(string name) =>
        Problems.Create(StatusCodes.Status404NotFound, ModelLookup.DescribeUnknown(name, null));
}
