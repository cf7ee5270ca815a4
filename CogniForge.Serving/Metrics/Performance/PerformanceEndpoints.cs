using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Metrics.Drift;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace CogniForge.Serving.Metrics.Performance;

/// <summary>The API for the verdict about a model.</summary>
internal static class PerformanceEndpoints
{
    public static void MapPerformance(this IEndpointRouteBuilder model) =>
        model
            .MapGet("/metrics/performance", Get)
            .TakesOnly("from", "to", "version")
            .RequireScope(Scopes.Read("serving"))
            .WithName("GetPerformanceSnapshot")
            .WithSummary("Get a verdict about a model in a window, with its reasons")
            .WithExamples(
                response: $$"""
                {
                  "model": "churn", "version": null, "from": "2026-11-20T09:15:00+00:00",
                  "to": "2026-11-21T09:15:00+00:00", "verdict": "degraded",
                  "reasons": ["1 of 2 columns drifted: months."], "usage": {{MetricsEndpoints.Usage}},
                  "accuracy": {{MetricsEndpoints.Accuracy}}, "drift": {{DriftEndpoints.Evaluation}}
                }
                """
            );

    public static async Task<Results<Ok<PerformanceSnapshot>, ProblemHttpResult>> Get(
        string name,
        [AsParameters] MetricsQuery query,
        MetricsReader metrics,
        IDriftStore drift,
        IModelStore models,
        IOptions<MetricsOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (query.Parse(name, time.GetUtcNow(), out var window) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var usage = await metrics.ReadUsageAsync(window, cancellationToken);
        var accuracy = await metrics.ReadAccuracyAsync(window, null, cancellationToken);
        var evaluations = (await drift.ListAsync(name, default, 1, cancellationToken)).Items;
        var last =
            evaluations is [var e] && window.Contains(name, e.Version ?? window.Version ?? 0, e.EvaluatedAt) ? e : null;

        // The accuracy of the training belongs to a version, so that several versions are not compared with it.
        var number = window.Version ?? (usage.Versions is [var one] ? one.Version : null);
        var version = number is null ? null : await models.FindAsync(name, number, cancellationToken);
        var (verdict, reasons) = PerformanceJudge.Judge(version, usage, accuracy, last, options.Value);
        return TypedResults.Ok(
            new PerformanceSnapshot(
                name,
                window.Version,
                window.From,
                window.To,
                verdict,
                reasons,
                usage,
                accuracy,
                last
            )
        );
    }
}
