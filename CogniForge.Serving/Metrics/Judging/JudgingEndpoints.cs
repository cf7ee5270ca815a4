using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.OpenApi;
using CogniForge.Serving.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CogniForge.Serving.Metrics.Judging;

/// <summary>The API for what models of the gateway find about texts.</summary>
internal static class JudgingEndpoints
{
    private const int MaxLimit = 100;
    private const int MaxRoute = 200;
    private const int MaxCriteria = 2_000;

    public static void MapJudging(this IEndpointRouteBuilder model) =>
        model
            .MapPost("/metrics/text-evaluations", Evaluate)
            .TakesOnly("from", "to", "version")
            .RequireScope(Scopes.Write("serving"))
            .WithName("EvaluateTexts")
            .WithSummary("Evaluate the newest texts of a window by models of the LLM gateway, which costs tokens")
            .WithExamples(
                """
                { "judgeModel": "judge", "criteria": "The answer is polite.", "embeddingModel": "embed", "limit": 20 }
                """,
                """
                {
                  "model": "support", "version": null, "from": "2026-11-20T00:00:00+00:00",
                  "to": "2026-11-21T00:00:00+00:00", "texts": 20,
                  "judge": { "model": "judge", "count": 20, "mean": 4.2, "min": 2, "failed": 0, "error": null },
                  "similarity": { "model": "embed", "count": 20, "mean": 0.91, "min": 0.7, "failed": 0, "error": null }
                }
                """
            );

    public static async Task<Results<Ok<TextEvaluation>, ProblemHttpResult>> Evaluate(
        string name,
        EvaluateTextsRequest request,
        [AsParameters] MetricsQuery query,
        MetricsReader metrics,
        TextJudge judge,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (
            FieldErrors.From(query.Parse(name, time.GetUtcNow(), out var window).Concat(Validate(request)))
            is { Count: > 0 } errors
        )
        {
            return Problems.Invalid(errors);
        }

        var (predictions, _) = await metrics.ReadEvaluableAsync(window, cancellationToken);
        var pairs = predictions
            .Where(p => p is { Output.Text: not null, Actual.Text: not null })
            .Take(request.Limit)
            .Select(p => (p.Output.Text!, p.Actual!.Text!))
            .ToList();
        return TypedResults.Ok(
            new TextEvaluation(
                name,
                window.Version,
                window.From,
                window.To,
                pairs.Count,
                request.JudgeModel is { } grader
                    ? await judge.GradeAsync(grader, request.Criteria, pairs, cancellationToken)
                    : null,
                request.EmbeddingModel is { } embedder
                    ? await judge.CompareAsync(embedder, pairs, cancellationToken)
                    : null
            )
        );
    }

    private static IEnumerable<FieldError> Validate(EvaluateTextsRequest request)
    {
        if (request is { JudgeModel: null, EmbeddingModel: null })
        {
            yield return new("judgeModel", "is required, or embeddingModel");
        }

        (string Path, string? Route)[] routes =
        [
            ("judgeModel", request.JudgeModel),
            ("embeddingModel", request.EmbeddingModel),
        ];
        foreach (var (path, route) in routes)
        {
            if (route is { Length: 0 or > MaxRoute })
            {
                yield return new(path, $"must have 1 to {MaxRoute} characters");
            }
        }

        foreach (var error in LabelsValidator.ValidateText("criteria", request.Criteria, MaxCriteria))
        {
            yield return error;
        }

        if (request.Limit is < 1 or > MaxLimit)
        {
            yield return new("limit", $"must be 1 to {MaxLimit}");
        }
    }
}
