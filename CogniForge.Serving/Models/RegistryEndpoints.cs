using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Models;

/// <summary>The model registry API.</summary>
internal static class RegistryEndpoints
{
    private const int MaxNameLength = 200;

    public static void MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        const string Definition = """
            "name": "churn", "kind": "logistic", "inputs": ["months", "complaints"], "classes": ["stays", "leaves"]
            """;
        const string Model = $$"""
            {
              "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "version": 1, "createdAt": "2026-11-21T09:13:52+00:00",
              {{Definition}}
            }
            """;
        var models = endpoints.MapGroup("/api/v1/serving/models").WithTags("Models");
        models
            .MapPost("/", Register)
            .RequireScope(Scopes.Write("serving"))
            .WithIdempotency()
            .WithName("RegisterModel")
            .WithSummary("Register a model; its first version serves immediately")
            .WithExamples($$"""{ {{Definition}}, "intercept": -1.5, "coefficients": [-0.05, 0.8] }""", Model);
        models
            .MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListModels")
            .WithSummary("List the models, each with its newest version")
            .WithExamples(response: $$"""{ "items": [{{Model}}], "next": null }""");
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
            .WithSummary("Get a model's newest version")
            .WithExamples(response: Model);
    }

    public static async Task<Results<Created<ModelResponse>, ProblemHttpResult>> Register(
        RegisterModelRequest request,
        HttpContext context,
        ModelRegistrar registrar,
        CancellationToken cancellationToken
    )
    {
        LogisticModel.TryCreate(
            request.Inputs,
            request.Classes,
            request.Intercept,
            request.Coefficients,
            out var definition,
            out var errors
        );
        var all = FieldErrors.From(Validate(request).Concat(errors));
        if (all.Count > 0)
        {
            return Problems.Invalid(all);
        }

        var audited = AuditedRequest.From(context);
        return await registrar.ExecuteAsync(request.Name!, definition!, audited, cancellationToken) is { } version
            ? TypedResults.Created($"/api/v1/serving/models/{version.Name}", ModelResponse.From(version))
            : Problems.Create(StatusCodes.Status409Conflict, $"A model named '{request.Name}' already exists.");
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

        var page = await models.ListAsync(cursor, limit, cancellationToken);
        return TypedResults.Ok(new Page<ModelResponse>([.. page.Items.Select(ModelResponse.From)], page.Next));
    }

    public static async Task<Results<Ok<ModelResponse>, ProblemHttpResult>> Get(
        string name,
        IModelStore models,
        CancellationToken cancellationToken
    ) =>
        await models.FindAsync(name, null, cancellationToken) is { } version
            ? TypedResults.Ok(ModelResponse.From(version))
            : Problems.Create(StatusCodes.Status404NotFound, $"Model '{name}' does not exist.");

    public static async Task<Ok<CountResponse>> Count(IModelStore models, CancellationToken cancellationToken) =>
        TypedResults.Ok(new CountResponse(await models.CountAsync(cancellationToken)));

    private static IEnumerable<FieldError> Validate(RegisterModelRequest request)
    {
        foreach (
            var error in ValidateLengths("inputs", request.Inputs).Concat(ValidateLengths("classes", request.Classes))
        )
        {
            yield return error;
        }

        if (!ModelName.IsValid(request.Name))
        {
            yield return new("name", request.Name is null ? LogisticModelValidator.Required : ModelName.Rule);
        }

        if (request.Kind != LogisticModel.Kind)
        {
            yield return new(
                "kind",
                request.Kind is null ? LogisticModelValidator.Required : $"must be \"{LogisticModel.Kind}\""
            );
        }
    }

    // A response repeats the name of a class for each row.
    private static IEnumerable<FieldError> ValidateLengths(string path, IReadOnlyList<string?>? names) =>
        (names ?? [])
            .Index()
            .Where(n => n.Item?.Length > MaxNameLength)
            .Select(n => new FieldError($"{path}[{n.Index}]", $"must have at most {MaxNameLength} characters"));
}
