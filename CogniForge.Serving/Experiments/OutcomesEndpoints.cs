using System.Text.Json;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Experiments;

/// <summary>The API of experiments: assignments without inference, and outcomes.</summary>
internal static class OutcomesEndpoints
{
    public static void MapOutcomes(this RouteGroupBuilder experiments)
    {
        experiments
            .MapPost("/{name}/assignments", Assign)
            .RequireScope(Scopes.ServingInfer)
            .WithName("AssignUnit")
            .WithSummary("Get the variant of a unit without an inference, and record that it got it")
            .WithExamples(
                """{ "unitId": "user-7", "attributes": { "country": "DE" } }""",
                """{ "experiment": "churn-v2", "unitId": "user-7", "variant": "boosting", "version": 2 }"""
            );
        experiments
            .MapPost("/{name}/outcomes", Record)
            .RequireScope(Scopes.ServingInfer)
            .WithName("RecordOutcomes")
            .WithSummary("Store outcomes of units; each id counts once")
            .WithExamples(
                """
                {
                  "outcomes": [
                    { "id": "order-1", "metric": "renewed", "value": 1, "unitId": "user-7" },
                    { "id": "span-9", "metric": "latency", "value": 41.5, "requestId": "req-9" }
                  ]
                }
                """,
                """{ "accepted": 2, "duplicates": 0 }"""
            );
    }

    public static async Task<Results<Ok<AssignmentResponse>, ProblemHttpResult>> Assign(
        string name,
        AssignUnitRequest request,
        IExperimentStore experiments,
        ExperimentCatalog catalog,
        ExperimentAssigner assigner,
        CancellationToken cancellationToken
    )
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var wrong = new List<FieldError>();
        foreach (var (key, value) in request.Attributes ?? new Dictionary<string, JsonElement>())
        {
            if (ExperimentUnit.ReadText(value) is { } text)
            {
                attributes[key] = text;
            }
            else
            {
                wrong.Add(new($"attributes.{key}", "must be a string of valid Unicode, a number or a boolean"));
            }
        }

        var unit = new ExperimentUnit(request.UnitId ?? "", attributes);
        if (FieldErrors.From(Validate(unit).Concat(wrong)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        // The cached state, so that this endpoint and inferences assign alike.
        var experiment = await experiments.RequireAsync(name, cancellationToken);
        var running = await catalog.FindRunningAsync(experiment.Model, cancellationToken);
        var assignment =
            running?.Id == experiment.Id ? await assigner.AssignAsync(running, unit, cancellationToken) : null;
        if (assignment is not null)
        {
            assigner.Expose(assignment, null);
        }

        return TypedResults.Ok(
            new AssignmentResponse(name, unit.Id, assignment?.Variant.Name, assignment?.Version.Version)
        );
    }

    public static async Task<Results<Ok<RecordOutcomesResponse>, ProblemHttpResult>> Record(
        string name,
        RecordOutcomesRequest request,
        IExperimentStore experiments,
        IExperimentData data,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var experiment = await experiments.RequireAsync(name, cancellationToken);
        if (FieldErrors.From(OutcomeValidator.Validate(request, experiment)) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var accepted = await data.AddOutcomesAsync(
            experiment.Id,
            [.. request.Outcomes!.Select(o => o!)],
            time.GetUtcNow(),
            cancellationToken
        );
        return TypedResults.Ok(new RecordOutcomesResponse(accepted, request.Outcomes!.Count - accepted));
    }

    private static IEnumerable<FieldError> Validate(ExperimentUnit unit)
    {
        if (!ExperimentUnit.IsId(unit.Id))
        {
            yield return new("unitId", ExperimentUnit.IdRule);
        }

        if (ExperimentUnit.Validate(unit.Attributes) is { } rule)
        {
            yield return new("attributes", rule);
        }
    }
}
