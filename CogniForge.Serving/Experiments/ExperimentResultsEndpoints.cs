using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Experiments;

/// <summary>The API of experiments: results and plans.</summary>
internal static class ExperimentResultsEndpoints
{
    public static void MapExperimentResults(this RouteGroupBuilder experiments) =>
        experiments
            .MapGet("/{name}/results", GetResults)
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetExperimentResults")
            .WithSummary("Compare the variants with the control, metric by metric")
            .WithExamples(
                response: """
                {
                  "experiment": "churn-v2", "state": "running", "alpha": 0.05,
                  "verdict": {
                    "decision": "undecided", "variant": null, "reason": "No difference in 'renewed' is certain yet."
                  },
                  "sampleRatio": { "pValue": 0.66, "isMismatch": false }, "mixedUnits": 0,
                  "variants": [
                    { "name": "control", "version": 1, "share": 1, "units": 1000 },
                    { "name": "boosting", "version": 2, "share": 1, "units": 1000 }
                  ],
                  "metrics": [{
                    "name": "renewed", "kind": "binary", "isGuardRail": false, "variants": [
                      {
                        "variant": "control", "units": 1000, "mean": 0.2, "standardDeviation": 0.4, "comparison": null
                      },
                      {
                        "variant": "boosting", "units": 1000, "mean": 0.25, "standardDeviation": 0.433,
                        "comparison": {
                          "difference": { "effect": 0.05, "lower": 0.0135, "upper": 0.0865, "pValue": 0.0074 },
                          "lift": { "effect": 0.25, "lower": 0.051, "upper": 0.449, "pValue": 0.014 },
                          "alwaysValid": { "effect": 0.05, "lower": -0.005, "upper": 0.104, "pValue": 0.09 },
                          "cuped": null
                        }
                      }
                    ]
                  }]
                }
                """
            );

    public static void MapPowerAnalysis(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapPost("/api/v1/serving/power-analysis", AnalyzePower)
            .RequireScope(Scopes.Read("serving"))
            .WithTags("Experiments")
            .WithName("AnalyzePower")
            .WithSummary("Compute the units that an effect needs, or the effect that units detect")
            .WithExamples(
                """{ "kind": "binary", "baseline": 0.2, "effect": 0.05 }""",
                """{ "unitsPerVariant": 1091, "power": 0.8, "minimumDetectableEffect": 0.05 }"""
            );

    public static async Task<Ok<ExperimentResults>> GetResults(
        string name,
        IExperimentStore experiments,
        IExperimentData data,
        CancellationToken cancellationToken
    )
    {
        var experiment = await experiments.RequireAsync(name, cancellationToken);
        return TypedResults.Ok(
            ExperimentAnalysis.Analyze(experiment, await data.SummarizeAsync(experiment, cancellationToken))
        );
    }

    public static Results<Ok<PowerAnalysisResponse>, ProblemHttpResult> AnalyzePower(PowerAnalysisRequest request) =>
        FieldErrors.From(PowerPlanner.Validate(request)) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(PowerPlanner.Compute(request));
}
