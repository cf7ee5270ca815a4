using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Experiments;

/// <summary>The API of experiments: start, pause, stop and promote.</summary>
internal static class ExperimentStatesEndpoints
{
    private const int MaxReason = 2_000;
    private const string Champion = "champion";

    public static void MapExperimentStates(this RouteGroupBuilder experiments)
    {
        experiments
            .MapPost("/{name}/start", Start)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("StartExperiment")
            .WithSummary("Start or resume an experiment; repeating it changes nothing")
            .WithExamples(response: ExperimentsEndpoints.Example);
        experiments
            .MapPost("/{name}/pause", Pause)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("PauseExperiment")
            .WithSummary("Pause an experiment: it assigns no units; repeating it changes nothing")
            .WithExamples(response: ExperimentsEndpoints.Example);
        experiments
            .MapPost("/{name}/stop", Stop)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("StopExperiment")
            .WithSummary("End an experiment; repeating it changes nothing")
            .WithExamples("""{ "reason": "The campaign is over" }""", ExperimentsEndpoints.Example);
        experiments
            .MapPost("/{name}/promote", Promote)
            .RequireScope(Scopes.Write("serving"))
            .WithPrecondition()
            .WithName("PromoteVariant")
            .WithSummary("Move an alias to the version of a variant, and end the experiment")
            .WithExamples("""{ "variant": "boosting", "alias": "champion" }""", ExperimentsEndpoints.Example);
    }

    public static async Task<Ok<ExperimentResponse>> Start(
        string name,
        HttpContext context,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    ) =>
        ExperimentsEndpoints.Respond(
            context,
            await registry.StartAsync(
                name,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );

    public static async Task<Ok<ExperimentResponse>> Pause(
        string name,
        HttpContext context,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    ) =>
        ExperimentsEndpoints.Respond(
            context,
            await registry.PauseAsync(
                name,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );

    public static async Task<Results<Ok<ExperimentResponse>, ProblemHttpResult>> Stop(
        string name,
        StopExperimentRequest request,
        HttpContext context,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    ) =>
        FieldErrors.From(LabelsValidator.ValidateText("reason", request.Reason, MaxReason)) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : ExperimentsEndpoints.Respond(
                context,
                await registry.StopAsync(
                    name,
                    request.Reason,
                    Precondition.From(context.Request),
                    AuditedRequest.From(context),
                    cancellationToken
                )
            );

    public static async Task<Results<Ok<ExperimentResponse>, ProblemHttpResult>> Promote(
        string name,
        PromoteVariantRequest request,
        HttpContext context,
        ExperimentRegistry registry,
        CancellationToken cancellationToken
    )
    {
        var alias = request.Alias ?? Champion;
        if (FieldErrors.From(Validate(request.Variant, alias)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        return ExperimentsEndpoints.Respond(
            context,
            await registry.PromoteAsync(
                name,
                request.Variant!,
                alias,
                Precondition.From(context.Request),
                AuditedRequest.From(context),
                cancellationToken
            )
        );
    }

    private static IEnumerable<FieldError> Validate(string? variant, string alias)
    {
        if (variant is null)
        {
            yield return new("variant", LogisticModelValidator.Required);
        }

        if (!AliasName.IsValid(alias))
        {
            yield return new("alias", AliasName.Rule);
        }
    }
}
