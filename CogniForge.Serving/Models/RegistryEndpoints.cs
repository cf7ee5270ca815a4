using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Models;

/// <summary>The model registry API: models.</summary>
internal static class RegistryEndpoints
{
    /// <summary>The path of the models.</summary>
    public const string Path = "/api/v1/serving/models";

    public static void MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints
            .MapGroup(Path)
            .WithTags("Models")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        models
            .MapPost("/", Register)
            .RequireScope(Scopes.Write("serving"))
            .WithIdempotency()
            .WithName("RegisterModel")
            .WithSummary("Register a model; its first version serves immediately if it has nothing to load")
            .WithExamples(
                """
                {
                  "name": "churn", "description": "Who leaves next month", "tags": { "team": "growth" },
                  "kind": "logistic", "inputs": ["months", "complaints"], "classes": ["stays", "leaves"],
                  "intercept": -1.5, "coefficients": [-0.05, 0.8]
                }
                """,
                RegistryExamples.Model
            );
        models
            .MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListModels")
            .WithSummary("List the models, oldest first")
            .WithExamples(response: $$"""{ "items": [{{RegistryExamples.Model}}], "next": null }""");
        models
            .MapGet("/count", Count)
            .RequireScope(Scopes.Read("serving"))
            .WithName("CountModels")
            .WithSummary("Count the models")
            .WithExamples(response: """{ "count": 3 }""");
        models
            .MapGet("/{name}", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetModel")
            .WithSummary("Get a model; its ETag changes with its description and tags")
            .WithExamples(response: RegistryExamples.Model);
        models
            .MapPatch("/{name}", Change)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("ChangeModel")
            .WithSummary("Change a model's description and tags")
            .WithExamples("""{ "description": "Who leaves next month" }""", RegistryExamples.Model);
        models
            .MapDelete("/{name}", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteModel")
            .WithSummary("Delete a model without aliases, serving versions, open experiments and shadows");
    }

    public static async Task<Results<Created<ModelResponse>, ProblemHttpResult>> Register(
        RegisterModelRequest request,
        HttpContext context,
        ModelRegistry registry,
        EnsembleMembersValidator members,
        CancellationToken cancellationToken
    )
    {
        if (RegisterModelValidator.Validate(request) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var first = RegisterModelValidator.Read(request);
        if (await members.ValidateAsync(first, cancellationToken) is { Count: > 0 } unfit)
        {
            return Problems.Invalid(unfit);
        }

        var model = await registry.RegisterAsync(
            request.Name!,
            request.Description,
            VersionValidator.ReadTags(request.Tags),
            first,
            AuditedRequest.From(context),
            cancellationToken
        );
        Precondition.Send(context.Response, model.Revision);
        return TypedResults.Created($"{Path}/{model.Name}", ModelResponse.From(model));
    }

    public static async Task<Results<Ok<Page<ModelResponse>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery query,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(out var cursor, out var limit) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var page = await models.ListModelsAsync(cursor, limit, cancellationToken);
        return TypedResults.Ok(new Page<ModelResponse>([.. page.Items.Select(ModelResponse.From)], page.Next));
    }

    public static async Task<Ok<ModelResponse>> Get(
        string name,
        HttpResponse response,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        var model =
            await models.FindModelAsync(name, cancellationToken) ?? throw RegistryException.UnknownModel(name);
        Precondition.Send(response, model.Revision);
        return TypedResults.Ok(ModelResponse.From(model));
    }

    public static async Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Change(
        string name,
        ChangeLabelsRequest request,
        HttpContext context,
        ModelRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(LabelsValidator.Validate(request.Description, request.Tags)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var model = await registry.ChangeAsync(
            name,
            m =>
                m with
                {
                    Description = request.Description ?? m.Description,
                    Tags = VersionValidator.ReadTags(request.Tags) ?? m.Tags,
                },
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        Precondition.Send(context.Response, model.Revision);
        return TypedResults.Ok(ModelResponse.From(model));
    }

    public static async Task<NoContent> Delete(
        string name,
        HttpContext context,
        ModelRegistry registry,
        CancellationToken cancellationToken
    )
    {
        await registry.DeleteAsync(
            name,
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        return TypedResults.NoContent();
    }

    public static async Task<Ok<CountResponse>> Count(IModelStore models, CancellationToken cancellationToken) =>
        TypedResults.Ok(new CountResponse(await models.CountAsync(cancellationToken)));
}
