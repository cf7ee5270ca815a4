using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.Idempotency;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Experiments;

/// <summary>The API of experiments.</summary>
internal static class ExperimentsEndpoints
{
    /// <summary>The path of the experiments.</summary>
    public const string Path = "/api/v1/serving/experiments";

    private const string Request = """
        {
          "name": "churn-v2", "model": "churn", "description": "Gradient boosting instead of a regression",
          "coverage": 0.5, "variants": [
            { "name": "control", "version": 1, "share": 1 }, { "name": "boosting", "version": 2, "share": 1 }
          ],
          "targeting": [{ "attribute": "country", "operator": "in", "values": ["DE", "AT"] }],
          "primaryMetric": { "name": "renewed", "kind": "binary" },
          "guardRails": [
            { "name": "latency", "kind": "continuous", "direction": "decrease", "aggregation": "mean", "tolerance": 20 }
          ]
        }
        """;

    /// <summary>An experiment, for the examples of the OpenAPI document.</summary>
    public const string Example = """
        {
          "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "name": "churn-v2", "model": "churn",
          "description": "Gradient boosting instead of a regression", "state": "draft", "stateReason": null,
          "promoted": null, "salt": "churn-v2", "coverage": 0.5, "allocation": "fixed", "variants": [
            { "name": "control", "version": 1, "share": 1 }, { "name": "boosting", "version": 2, "share": 1 }
          ],
          "targeting": [{ "attribute": "country", "operator": "in", "values": ["DE", "AT"] }],
          "primaryMetric": {
            "name": "renewed", "kind": "binary", "direction": "increase", "aggregation": "sum", "covariate": null,
            "tolerance": 0
          },
          "guardRails": [], "alpha": 0.05, "minUnits": 100, "createdAt": "2026-11-21T09:13:52+00:00",
          "updatedAt": "2026-11-21T09:13:52+00:00", "startedAt": null
        }
        """;

    public static void MapExperiments(this IEndpointRouteBuilder endpoints)
    {
        var experiments = endpoints
            .MapGroup(Path)
            .WithTags("Experiments")
            .AddEndpointFilter<RouteGroupBuilder, RegistryErrorFilter>();
        experiments
            .MapPost("/", Create)
            .RequireScope(Scopes.Write("serving"))
            .WithIdempotency()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName("CreateExperiment")
            .WithSummary("Create an experiment on the versions of a model, as a draft")
            .WithExamples(Request, Example);
        experiments
            .MapGet("/", List)
            .TakesOnly("limit", "cursor", "model")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListExperiments")
            .WithSummary("List experiments, oldest first")
            .WithExamples(response: $$"""{ "items": [{{Example}}], "next": null }""");
        experiments
            .MapGet("/{name}", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetExperiment")
            .WithSummary("Get an experiment; its ETag changes with every change by the API")
            .WithExamples(response: Example);
        experiments
            .MapPatch("/{name}", Change)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("ChangeExperiment")
            .WithSummary("Change an experiment; after its start only description, coverage and guard-rails")
            .WithExamples("""{ "coverage": 1 }""", Example);
        experiments
            .MapDelete("/{name}", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("DeleteExperiment")
            .WithSummary("Delete an experiment that does not run, with its data");
        experiments.MapExperimentStates();
        experiments.MapOutcomes();
        experiments.MapExperimentResults();
    }

    /// <summary>Responds with an experiment and its ETag.</summary>
    public static Ok<ExperimentResponse> Respond(HttpContext context, Experiment experiment)
    {
        Precondition.Send(context.Response, experiment.Revision);
        return TypedResults.Ok(ExperimentResponse.From(experiment));
    }

    public static async Task<Results<Created<ExperimentResponse>, ProblemHttpResult>> Create(
        CreateExperimentRequest request,
        HttpContext context,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    )
    {
        var settings = request.ApplyTo(new() { Salt = request.Name ?? "" });
        if (FieldErrors.From(Validate(request).Concat(ExperimentValidator.Validate(settings))) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var experiment = await registry.CreateAsync(
            request.Name!,
            request.Model!,
            settings,
            AuditedRequest.From(context),
            cancellationToken
        );
        Precondition.Send(context.Response, experiment.Revision);
        return TypedResults.Created($"{Path}/{experiment.Name}", ExperimentResponse.From(experiment));
    }

    public static async Task<Results<Ok<Page<ExperimentResponse>>, ProblemHttpResult>> List(
        [AsParameters] PageQuery query,
        [Description("Only experiments on this model.")] string? model,
        IExperimentStore experiments,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(out var cursor, out var limit) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (model is not null && !ModelName.IsValid(model))
        {
            return Problems.Invalid([new("model", ModelName.Rule)]);
        }

        var page = await experiments.ListAsync(model, cursor, limit, cancellationToken);
        return TypedResults.Ok(
            new Page<ExperimentResponse>([.. page.Items.Select(ExperimentResponse.From)], page.Next)
        );
    }

    public static async Task<Ok<ExperimentResponse>> Get(
        string name,
        HttpContext context,
        IExperimentStore experiments,
        CancellationToken cancellationToken
    ) => Respond(context, await experiments.RequireAsync(name, cancellationToken));

    public static async Task<Results<Ok<ExperimentResponse>, ProblemHttpResult>> Change(
        string name,
        ChangeExperimentRequest request,
        HttpContext context,
        IExperimentStore experiments,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    )
    {
        var before = await experiments.RequireAsync(name, cancellationToken);
        if (FieldErrors.From(ExperimentValidator.Validate(request.ApplyTo(before.Settings))) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return Respond(
            context,
            await registry.ChangeAsync(
                name,
                e => Apply(request, e, before),
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    public static async Task<NoContent> Delete(
        string name,
        HttpContext context,
        ExperimentRegistry registry,
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

    private static Experiment Apply(ChangeExperimentRequest request, Experiment experiment, Experiment validated)
    {
        // What was validated together is stored together.
        if (experiment.Revision != validated.Revision)
        {
            throw ExperimentErrors.Conflict($"Experiment '{experiment.Name}' was changed at the same time; try again.");
        }

        return experiment.StartedAt is not null && request.ChangesAssignment
            ? throw ExperimentErrors.Conflict(
                $"Experiment '{experiment.Name}' was started: only description, coverage and guardRails may change."
            )
            : experiment with { Settings = request.ApplyTo(experiment.Settings) };
    }

    private static IEnumerable<FieldError> Validate(CreateExperimentRequest request)
    {
        if (!ExperimentName.IsValid(request.Name))
        {
            yield return new("name", ExperimentName.Rule);
        }

        if (!ModelName.IsValid(request.Model))
        {
            yield return new("model", ModelName.Rule);
        }
    }
}
