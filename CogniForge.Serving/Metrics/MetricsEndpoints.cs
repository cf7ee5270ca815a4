using System.ComponentModel;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Metrics.Accuracy;
using CogniForge.Serving.Metrics.Usage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Metrics;

/// <summary>The API for what is measured about a model.</summary>
internal static class MetricsEndpoints
{
    public const string Accuracy = """
        {
          "model": "churn", "version": 1, "from": "2026-11-20T00:00:00+00:00", "to": "2026-11-21T00:00:00+00:00",
          "rows": 4, "isTruncated": false, "classification": {
            "count": 4, "accuracy": 0.75, "macro": { "precision": 0.75, "recall": 0.83, "f1": 0.73 },
            "micro": { "precision": 0.75, "recall": 0.75, "f1": 0.75 },
            "weighted": { "precision": 0.88, "recall": 0.75, "f1": 0.77 },
            "classes": [{ "label": "stays", "support": 3, "precision": 1, "recall": 0.67, "f1": 0.8 }],
            "confusionMatrix": { "labels": ["leaves", "stays"], "counts": [[1, 0], [1, 2]] },
            "scored": 4, "positiveClass": "leaves", "rocAuc": 1, "prAuc": 1, "logLoss": 0.38, "brierScore": 0.12,
            "calibration": {
              "bins": [{ "lower": 0.7, "upper": 0.8, "count": 1, "meanProbability": 0.8, "positiveShare": 1 }],
              "expectedError": 0.2
            }
          }, "regression": null, "text": null
        }
        """;

    public const string Usage = """
        {
          "model": "churn", "from": "2026-11-20T00:00:00+00:00", "to": "2026-11-21T00:00:00+00:00", "versions": [
            {
              "version": 1, "requests": 86400, "requestsPerSecond": 1, "rows": 86400, "tokens": 0, "latencyMs": {
                "count": 86400, "mean": 2.1, "min": 0.4, "p50": 1.9, "p90": 3.2, "p95": 4.1, "p99": 9.7, "max": 31
              }, "cost": 8.64
            }
          ], "cost": 8.64
        }
        """;

    public static void MapReports(this IEndpointRouteBuilder model)
    {
        model
            .MapGet("/metrics/accuracy", GetAccuracy)
            .TakesOnly("from", "to", "version", "positiveClass")
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetAccuracy")
            .WithSummary("Get how good the predictions of a window are, where the truth is known")
            .WithExamples(response: Accuracy);
        model
            .MapGet("/metrics/usage", GetUsage)
            .TakesOnly("from", "to", "version")
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetModelUsage")
            .WithSummary("Get latency, throughput and cost of each version in a window")
            .WithExamples(response: Usage);
    }

    public static async Task<Results<Ok<AccuracyReport>, ProblemHttpResult>> GetAccuracy(
        string name,
        [AsParameters] MetricsQuery query,
        [Description("The class whose probability is evaluated. Default: of two classes the last in ordinal order.")]
            string? positiveClass,
        MetricsReader metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        query.Parse(name, time.GetUtcNow(), out var window) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await metrics.ReadAccuracyAsync(window, positiveClass, cancellationToken));

    public static async Task<Results<Ok<UsageReport>, ProblemHttpResult>> GetUsage(
        string name,
        [AsParameters] MetricsQuery query,
        MetricsReader metrics,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        query.Parse(name, time.GetUtcNow(), out var window) is { Count: > 0 } errors
            ? Problems.Invalid(errors)
            : TypedResults.Ok(await metrics.ReadUsageAsync(window, cancellationToken));
}
