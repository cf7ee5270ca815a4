using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Models;

/// <summary>The model registry API: versions.</summary>
internal static class VersionsEndpoints
{
    private const int MaxReason = 2_000;

    public static void MapVersions(this IEndpointRouteBuilder endpoints)
    {
        var versions = endpoints
            .MapGroup($"{RegistryEndpoints.Path}/{{name}}/versions")
            .WithTags("Versions")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        versions
            .MapPost("/", Register)
            .RequireScope(Scopes.Write("serving"))
            .WithIdempotency()
            .WithName("RegisterVersion")
            .WithSummary("Register a version of a model, with the next number")
            .WithExamples(
                """
                {
                  "kind": "onnx", "task": "classification", "description": "Gradient boosting",
                  "schema": {
                    "inputs": [{ "name": "features", "datatype": "FP32", "shape": [-1, 2] }],
                    "outputs": [{ "name": "label", "datatype": "INT64", "shape": [-1] }]
                  },
                  "price": { "perRequest": 0.0001 },
                  "lineage": { "trainingData": "s3://data/churn/2026-11", "metrics": { "auc": 0.91 } }
                }
                """,
                RegistryExamples.Version
            );
        versions
            .MapGet("/", List)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListVersions")
            .WithSummary("List the versions of a model, oldest first, without their definitions")
            .WithExamples(response: $$"""{ "items": [{{RegistryExamples.Version}}], "next": null }""");
        versions
            .MapGet("/{version:int}", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetVersion")
            .WithSummary("Get a version; its ETag changes with its state, description and tags")
            .WithExamples(response: RegistryExamples.Version);
        versions
            .MapPatch("/{version:int}", Change)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("ChangeVersion")
            .WithSummary("Change a version's description and tags")
            .WithExamples("""{ "tags": { "reviewed": "yes" } }""", RegistryExamples.Version);
        versions
            .MapPut("/{version:int}/state", Move)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("MoveVersion")
            .WithSummary("Move a version to another state of its life cycle")
            .WithExamples("""{ "state": "retired", "reason": "Replaced by version 3" }""", RegistryExamples.Version);
        versions
            .MapDelete("/{version:int}", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteVersion")
            .WithSummary("Delete a version that has no alias, does not serve, and is not used");
    }

    public static async Task<Results<Created<VersionResponse>, ProblemHttpResult>> Register(
        string name,
        RegisterVersionRequest request,
        HttpContext context,
        ModelRegistry registry,
        EnsembleMembersValidator members,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(VersionValidator.Validate(request)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var spec = VersionValidator.Read(request);
        if (await members.ValidateAsync(spec, cancellationToken) is { Count: > 0 } unfit)
        {
            return Problems.Invalid(unfit);
        }

        var version = await registry.AddVersionAsync(
            name,
            spec,
            AuditedRequest.From(context),
            cancellationToken
        );
        Precondition.Send(context.Response, version.Revision);
        return TypedResults.Created(
            $"{RegistryEndpoints.Path}/{name}/versions/{version.Version}",
            VersionResponse.From(version)
        );
    }

    public static async Task<Results<Ok<Page<VersionResponse>>, ProblemHttpResult>> List(
        string name,
        [AsParameters] PageQuery query,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(out var cursor, out var limit) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var page = await models.ListVersionsAsync(name, cursor, limit, cancellationToken);
        if (page.Items.Count == 0 && await models.FindModelAsync(name, cancellationToken) is null)
        {
            throw RegistryException.UnknownModel(name);
        }

        return TypedResults.Ok(new Page<VersionResponse>([.. page.Items.Select(VersionResponse.From)], page.Next));
    }

    public static async Task<Ok<VersionResponse>> Get(
        string name,
        [Description("The version number.")] int version,
        HttpResponse response,
        IModelStore models,
        CancellationToken cancellationToken
    )
    {
        var found =
            await models.FindAsync(name, version, cancellationToken)
            ?? throw RegistryException.UnknownVersion(name, version);
        Precondition.Send(response, found.Revision);
        return TypedResults.Ok(VersionResponse.From(found));
    }

    public static async Task<Results<Ok<VersionResponse>, ProblemHttpResult>> Change(
        string name,
        [Description("The version number.")] int version,
        ChangeLabelsRequest request,
        HttpContext context,
        VersionRegistry registry,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(LabelsValidator.Validate(request.Description, request.Tags)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return Respond(
            context,
            await registry.ChangeAsync(
                name,
                version,
                v =>
                    v with
                    {
                        Description = request.Description ?? v.Description,
                        Tags = VersionValidator.ReadTags(request.Tags) ?? v.Tags,
                    },
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    public static async Task<Results<Ok<VersionResponse>, ProblemHttpResult>> Move(
        string name,
        [Description("The version number.")] int version,
        MoveVersionRequest request,
        HttpContext context,
        VersionRegistry registry,
        IModelStore store,
        IVersionLoader loader,
        CancellationToken cancellationToken
    )
    {
        if (FieldErrors.From(Validate(request)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (request.State == VersionState.Serving)
        {
            await LoadAsync(name, version, store, loader, cancellationToken);
        }

        return Respond(
            context,
            await registry.MoveAsync(
                name,
                version,
                request.State!.Value,
                request.Reason,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    public static async Task<NoContent> Delete(
        string name,
        [Description("The version number.")] int version,
        HttpContext context,
        VersionRegistry registry,
        CancellationToken cancellationToken
    )
    {
        await registry.DeleteAsync(
            name,
            version,
            Precondition.From(context.Request),
            AuditedRequest.From(context),
            cancellationToken
        );
        return TypedResults.NoContent();
    }

    /// <summary>Loads a version before it gets traffic.</summary>
    private static async Task LoadAsync(
        string name,
        int number,
        IModelStore store,
        IVersionLoader loader,
        CancellationToken cancellationToken
    )
    {
        if (
            await store.FindAsync(name, number, cancellationToken)
                is { State: VersionState.Ready, Kind: ModelKind.Onnx or ModelKind.Xgboost or ModelKind.Remote } version
            && await loader.PreloadAsync(version, cancellationToken) is { } reason
        )
        {
            throw new RegistryException(
                RegistryErrorKind.Conflict,
                $"Version {number} of model '{name}' cannot serve, because it cannot be loaded: {reason}"
            );
        }
    }

    private static Ok<VersionResponse> Respond(HttpContext context, ModelVersion version)
    {
        Precondition.Send(context.Response, version.Revision);
        return TypedResults.Ok(VersionResponse.From(version));
    }

    private static IEnumerable<FieldError> Validate(MoveVersionRequest request)
    {
        foreach (var error in LabelsValidator.ValidateText("reason", request.Reason, MaxReason))
        {
            yield return error;
        }

        if (request.State is null)
        {
            yield return new("state", LogisticModelValidator.Required);
        }

        if (request.State == VersionState.Failed && string.IsNullOrWhiteSpace(request.Reason))
        {
            yield return new("reason", "is required for \"failed\"");
        }
    }
}
