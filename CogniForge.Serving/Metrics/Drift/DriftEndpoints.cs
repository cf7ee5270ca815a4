using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Http;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.ServiceDefaults.Overload;
using CogniForge.Serving.Metrics.Predictions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Metrics.Drift;

/// <summary>The API for drift.</summary>
internal static class DriftEndpoints
{
    public const string Evaluation = """
        {
          "id": "01a1fd55-fb34-7c75-ad65-0084cbb1d99c", "model": "churn", "version": null,
          "evaluatedAt": "2026-11-21T09:15:00+00:00", "from": "2026-11-20T09:15:00+00:00", "rows": 1200,
          "isDrifted": true, "driftedShare": 0.5, "columns": [
            {
              "name": "months", "isPrediction": false, "test": "kolmogorovSmirnov", "score": 0.0007,
              "isPValue": true, "threshold": 0.05, "isDrifted": true, "quality": {
                "missingShare": 0, "referenceMissingShare": 0, "outOfRangeShare": 0.02, "newCategoryShare": null,
                "newCategories": []
              }
            },
            {
              "name": "plan", "isPrediction": false, "test": "chiSquare", "score": 0.41, "isPValue": true,
              "threshold": 0.05, "isDrifted": false, "quality": {
                "missingShare": 0.01, "referenceMissingShare": 0, "outOfRangeShare": null, "newCategoryShare": 0.004,
                "newCategories": ["family"]
              }
            }
          ]
        }
        """;

    private const string Reference = """
        {
          "model": "churn", "rows": 1000, "columns": [
            { "name": "months", "isPrediction": false, "missing": 0, "min": 1, "max": 72, "categories": null },
            { "name": "plan", "isPrediction": false, "missing": 3, "min": null, "max": null, "categories": 2 }
          ], "settings": {
            "version": null, "windowHours": 24, "minRows": 100, "numericTest": null, "categoricalTest": null,
            "pValueThreshold": 0.05, "distanceThreshold": 0.1, "driftedShare": 0.5
          }, "createdAt": "2026-11-20T09:00:00+00:00"
        }
        """;

    public static void MapDrift(this IEndpointRouteBuilder model)
    {
        var drift = model.MapGroup("/drift");
        drift
            .MapPut("/reference", Put)
            .WithBodyMemory(PredictionsEndpoints.BytesPerByte)
            .RequireScope(Scopes.Write("serving"))
            .WithName("PutDriftReference")
            .WithSummary("Set what predictions are compared with: rows, or the predictions of a window")
            .WithExamples(
                """
                {
                  "rows": [{ "features": { "months": 24, "plan": "basic" } }],
                  "settings": { "windowHours": 24, "minRows": 100 }
                }
                """,
                Reference
            );
        drift
            .MapGet("/reference", Get)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetDriftReference")
            .WithSummary("Get what predictions are compared with, without its rows")
            .WithExamples(response: Reference);
        drift
            .MapDelete("/reference", Delete)
            .RequireScope(Scopes.Write("serving"))
            .WithName("DeleteDriftReference")
            .WithSummary("Delete what predictions are compared with, which ends the evaluations");
        drift
            .MapPost("/evaluations", Evaluate)
            .RequireScope(Scopes.Write("serving"))
            .WithName("EvaluateDrift")
            .WithSummary("Evaluate the drift of the window that ends now")
            .WithExamples(response: Evaluation);
        drift
            .MapGet("/evaluations", List)
            .TakesOnly("limit", "cursor")
            .RequireScope(Scopes.Read("serving"))
            .WithName("ListDriftEvaluations")
            .WithSummary("List the evaluations of drift, newest first")
            .WithExamples(response: $$"""{ "items": [{{Evaluation}}], "next": null }""");
    }

    public static async Task<Results<Ok<DriftReferenceResponse>, ProblemHttpResult>> Put(
        string name,
        PutDriftReferenceRequest request,
        HttpContext context,
        DriftMonitor monitor,
        CancellationToken cancellationToken
    ) =>
        FieldErrors.From(DriftReferenceValidator.Validate(request)) is { Count: > 0 } errors ? Problems.Invalid(errors)
        : await monitor.PutAsync(name, request, AuditedRequest.From(context), cancellationToken) is { } reference
            ? TypedResults.Ok(DriftReferenceResponse.From(reference))
        : Problems.Create(StatusCodes.Status409Conflict, "The window has no predictions.");

    public static async Task<Results<Ok<DriftReferenceResponse>, ProblemHttpResult>> Get(
        string name,
        DriftMonitor monitor,
        CancellationToken cancellationToken
    ) =>
        await monitor.FindAsync(name, cancellationToken) is { } reference
            ? TypedResults.Ok(DriftReferenceResponse.From(reference))
            : NoReference(name);

    public static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string name,
        HttpContext context,
        DriftMonitor monitor,
        CancellationToken cancellationToken
    ) =>
        await monitor.DeleteAsync(name, AuditedRequest.From(context), cancellationToken)
            ? TypedResults.NoContent()
            : NoReference(name);

    public static async Task<Results<Ok<DriftEvaluation>, ProblemHttpResult>> Evaluate(
        string name,
        DriftMonitor monitor,
        CancellationToken cancellationToken
    )
    {
        if (await monitor.FindAsync(name, cancellationToken) is not { } reference)
        {
            return NoReference(name);
        }

        var (evaluation, rows) = await monitor.EvaluateAsync(reference, cancellationToken);
        return evaluation is not null
            ? TypedResults.Ok(evaluation)
            : Problems.Create(
                StatusCodes.Status409Conflict,
                $"The window has {rows} rows; settings.minRows asks for {reference.Settings.MinRows}."
            );
    }

    public static async Task<Results<Ok<Page<DriftEvaluation>>, ProblemHttpResult>> List(
        string name,
        [AsParameters] PageQuery query,
        DriftMonitor monitor,
        CancellationToken cancellationToken
    ) =>
        query.Parse(out var cursor, out var limit) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await monitor.ListAsync(name, cursor, limit, cancellationToken));

    private static ProblemHttpResult NoReference(string name) =>
        Problems.Create(StatusCodes.Status404NotFound, $"Model '{name}' has no drift reference.");
}
